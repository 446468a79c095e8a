// Examples of requests and answers in the OpenAPI documents. e2e/openapi.e2e.spec.ts recorded them from running services.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Example {
  readonly request?: unknown;
  readonly response?: unknown;
}
interface Body {
  readonly content?: Readonly<Record<string, object>>;
}
interface Operation {
  operationId: string;
  requestBody?: Body;
  responses: Record<string, Body>;
}
type Paths = Record<string, Record<string, Operation>>;

const FILE = join(import.meta.dirname, '../examples.json');
const JSON_TYPE = 'application/json';

/** Puts an example into the request and the first successful answer of each operation. */
export function addExamples(paths: Paths): void {
  // They are read when somebody asks for the document, not at each start.
  const examples = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Example>;
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const { request, response } = examples[operation.operationId] ?? {};
    const { requestBody, responses } = operation;
    const granted = Object.keys(responses).filter((status) => status.startsWith('2'));
    const success = granted.find((status) => status !== '202') ?? granted[0];
    if (requestBody) operation.requestBody = shown(requestBody, request);
    // A redirect documents no success.
    if (success !== undefined) responses[success] = shown(responses[success]!, response);
  }
}

function shown(body: Body, example: unknown): Body {
  const content = body.content?.[JSON_TYPE];
  return content && example !== undefined
    ? { ...body, content: { ...body.content, [JSON_TYPE]: { ...content, example } } }
    : body;
}
