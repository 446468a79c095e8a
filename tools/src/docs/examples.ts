// Puts the examples of e2e/openapi.e2e.spec.ts, which ran against the services, into the OpenAPI documents.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenApiDocument } from './joined.document.ts';

export interface Example {
  readonly request?: unknown;
  readonly response?: unknown;
}

interface Body {
  readonly content?: Readonly<Record<string, object>>;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

const JSON_TYPE = 'application/json';

/** By operation id. */
export const keptExamples = (): Readonly<Record<string, Example>> =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'examples.json'), 'utf8')) as Record<string, Example>;

/** The same document with an example in the request and the first successful answer of each operation. */
export function withExamples(document: OpenApiDocument, examples = keptExamples()): OpenApiDocument {
  const paths = Object.entries(document.paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [
        method,
        completed(operation as unknown as Operation, examples),
      ]),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths) as OpenApiDocument['paths'] };
}

function completed(operation: Operation, examples: Readonly<Record<string, Example>>): Operation {
  const { request, response } = examples[operation.operationId] ?? {};
  const { requestBody, responses } = operation;
  const granted = Object.keys(responses).filter((status) => status.startsWith('2'));
  const success = granted.find((status) => status !== '202') ?? granted[0]!;
  return {
    ...operation,
    ...(requestBody && { requestBody: shown(requestBody, request) }),
    responses: { ...responses, [success]: shown(responses[success]!, response) },
  };
}

function shown(body: Body, example: unknown): Body {
  const content = body.content?.[JSON_TYPE];
  return content && example !== undefined
    ? { ...body, content: { ...body.content, [JSON_TYPE]: { ...content, example } } }
    : body;
}
