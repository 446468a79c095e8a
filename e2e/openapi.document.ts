// Compares a service's answers with its OpenAPI document.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closed, type Schema } from '@vouchers/contracts/schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface Response {
  description: string;
  headers?: Record<string, { required?: false }>;
  /** Absent if the answer has no body. */
  content?: Record<string, { schema?: Schema; example?: unknown }>;
}
export interface Operation {
  operationId: string;
  security?: Record<string, string[]>[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  parameters?: { name: string; in: string; required: boolean; schema: Schema }[];
  responses: Record<string, Response>;
}
export interface OpenApi {
  servers: object[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: object };
}

/** Reads the document in docs/api. */
export const committed = (service: string): OpenApi =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'docs/api', `${service}.openapi.json`), 'utf8')) as OpenApi;

/** `GET /v1/vouchers`, … */
export const operationsOf = ({ paths }: OpenApi): [string, Operation][] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

/** Judges answers: each part of them must be documented. */
export class Judge {
  private readonly operations: ReadonlyMap<string, Operation>;
  private readonly ajv = (addFormats as unknown as (ajv: Ajv2020) => Ajv2020)(
    new Ajv2020({ strict: false, allErrors: true }),
  );

  constructor(document: OpenApi) {
    this.operations = new Map(operationsOf(document));
    const schemas = Object.entries(document.components.schemas).map(([name, schema]) => [name, closed(schema)]);
    this.ajv.addSchema({ $id: 'document', components: { schemas: Object.fromEntries(schemas) } });
  }

  /** Differences between an answer and the document: undocumented parts, and missing ones. */
  faults(operation: string, answer: { status: number; headers: Headers; body: unknown }): string[] {
    const documented = this.operations.get(operation)?.responses[answer.status];
    if (!documented) return [`${operation} does not document ${answer.status}`];
    const media = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const certain = Object.entries(documented.headers ?? {}).filter(([, { required }]) => required !== false);
    const lacking = certain.map(([name]) => name).filter((name) => !answer.headers.has(name));
    if (!documented.content && answer.body === undefined) return lacking.map((name) => `${name} is missing`);
    const schema = documented.content?.[media]?.schema;
    if (!schema) return [`${operation} does not document ${media} for ${answer.status}`];
    const check = this.ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"document#/')));
    check(answer.body);
    return [
      ...lacking.map((name) => `${name} is missing`),
      ...(check.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      ),
    ];
  }
}
