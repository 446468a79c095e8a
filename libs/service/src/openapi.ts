// Makes OpenAPI documents from the code: /docs for people, /docs-json for programs, and a file without running a
// service.
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SCOPE_MEANINGS } from '@vouchers/contracts';
import { ID, SLUG, transformed, whole, type Schema } from '@vouchers/contracts/schemas';
import { isDeepStrictEqual } from 'node:util';
import { problemResponse } from './answers.decorator.ts';
import { createLogger } from './logging.ts';
import { TOKEN } from './route.ts';
import { ServiceModule } from './service.module.ts';
import type { ServiceSettings } from './settings.ts';

const PATH_PARAMETERS: Record<string, Schema> = { id: ID, slug: SLUG, version: whole(1) };

/** The used fields of an operation. */
interface Operation {
  security?: object[];
  requestBody?: object;
  parameters?: { name: string; in: string; schema?: Schema }[];
  responses: Record<string, object>;
}

export function serveDocs(app: INestApplication, settings: ServiceSettings): void {
  SwaggerModule.setup('docs', app, () => documentOf(app, settings), { jsonDocumentUrl: 'docs-json' });
}

/** Writes a service's document to stdout. Providers are not created, so nothing is connected. */
export async function printOpenApi(module: Type, Settings: new () => ServiceSettings): Promise<void> {
  const settings = Object.assign(new Settings(), { logLevel: 'silent' });
  const feature = ServiceModule.with(settings, createLogger(settings), module);
  const app = await NestFactory.create(feature, new FastifyAdapter(), { preview: true, logger: false });
  process.stdout.write(`${JSON.stringify(documentOf(app, settings), null, 2)}\n`);
}

function documentOf(app: INestApplication, { service, issuer }: ServiceSettings): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(`Voucher platform: ${service}`)
    .setVersion('1')
    .addSecurity(TOKEN, {
      type: 'openIdConnect',
      openIdConnectUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      description: 'A JWT of this issuer. An operation needs any one of the scopes that it names',
      'x-scopes': SCOPE_MEANINGS,
    })
    .build();
  const document = SwaggerModule.createDocument(app, about, { operationIdFactory });
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path as Record<string, Operation>)) complete(operation);
  return withNouns(document);
}

/** A handler's name is its operation's id: a verb and a noun, unique in all documents. */
const operationIdFactory = (_controller: string, method: string): string => method;

/** Adds the answers that Fastify's hooks and parser give according to the route's declaration. */
function complete(operation: Operation): void {
  const shared = [
    ...(operation.security ? [400, 401, 403, 429, 503] : []),
    ...(operation.requestBody ? [413, 415] : []),
  ];
  for (const status of shared) operation.responses[status] ??= problemResponse(status);
  operation.responses['default'] = { ...problemResponse(500), description: 'Anything else that went wrong' };
  // Nest adds the headers that a handler reads, in lower case. The declared headers have more information.
  operation.parameters = operation.parameters?.filter(
    ({ in: where, name }) => where !== 'header' || name !== name.toLowerCase(),
  );
  for (const parameter of operation.parameters ?? [])
    if (parameter.in === 'path') parameter.schema = PATH_PARAMETERS[parameter.name] ?? parameter.schema;
}

/** Moves schemas with a title to the components. @throws Error if two different schemas have the same title */
function withNouns(document: OpenAPIObject): OpenAPIObject {
  const nouns: Record<string, Schema> = {};
  const named = (part: Schema): Schema => {
    const { title } = part;
    if (title === undefined) return part;
    if (!isDeepStrictEqual((nouns[title] ??= part), part)) throw new Error(`two schemas are called ${title}`);
    return { $ref: `#/components/schemas/${title}` };
  };
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'schema' ? transformed(inner as Schema, named) : moved(inner),
      ]),
    );
  };
  const paths = moved(document.paths) as OpenAPIObject['paths'];
  const schemas = Object.fromEntries(Object.entries(nouns).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, paths, components: { ...document.components, schemas } as OpenAPIObject['components'] };
}
