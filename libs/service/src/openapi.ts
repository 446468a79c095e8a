// Makes OpenAPI documents from the code: /docs for people, /docs-json for programs, and a file without running a
// service.
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SCOPE_MEANINGS } from '@vouchers/contracts';
import { ID, referring, SLUG, text, whole, type Schema } from '@vouchers/contracts/schemas';
import type { FastifyInstance } from 'fastify';
import { problemResponse } from './answers.decorator.ts';
import { localSignIn, type SignIn } from './discovery.ts';
import { createLogger } from './logging.ts';
import { addExamples } from './openapi.examples.ts';
import { TOKEN } from './route.ts';
import { ServiceModule } from './service.module.ts';
import type { ServiceSettings } from './settings.ts';

const PATH = 'docs';
const COMPONENTS = '#/components/schemas/';
const PATH_PARAMETERS: Record<string, Schema> = { id: ID, slug: SLUG, version: whole(1), orderId: text(200, 1) };

/** The used fields of an operation. */
interface Operation {
  tags?: string[];
  security?: object[];
  requestBody?: object;
  parameters?: { name: string; in: string; schema?: Schema }[];
  responses: Record<string, object>;
}

/** Serves the documents. People sign in there by code and PKCE, with the client DOCS_CLIENT_ID. */
export function serveDocs(app: NestFastifyApplication, settings: ServiceSettings, signIn: () => SignIn): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  // The page asks the issuer for a token, which may be another origin. Other routes have no hook.
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith(`/${PATH}`)) return;
    route.preHandler = (_request, reply, done) => {
      const { origin } = new URL(signIn().token_endpoint);
      const policy = String(reply.getHeader('content-security-policy'));
      reply.header('content-security-policy', `${policy};connect-src 'self' ${origin}`);
      done();
    };
  });
  // At /docs, without a slash, the page names this address to the issuer.
  fastify.get('/oauth2-redirect.html', { config: { access: 'public' } }, (request, reply) =>
    reply.redirect(`/${PATH}${request.url}`),
  );
  SwaggerModule.setup(PATH, app, () => documentOf(app, settings, signIn()), {
    jsonDocumentUrl: 'docs-json',
    swaggerOptions: { initOAuth: { clientId: settings.docsClientId, usePkceWithAuthorizationCodeGrant: true } },
  });
}

/** Writes a service's document to stdout. Providers are not created, so nothing is connected. */
export async function printOpenApi(module: Type, Settings: new () => ServiceSettings): Promise<void> {
  const settings = Object.assign(new Settings(), { logLevel: 'silent' });
  const feature = ServiceModule.with(settings, createLogger(settings), module);
  const app = await NestFactory.create(feature, new FastifyAdapter(), { preview: true, logger: false });
  const document = documentOf(app, settings, localSignIn(settings.issuer));
  const servers = [{ url: `http://localhost:${settings.port}`, description: "a developer's machine" }];
  process.stdout.write(`${JSON.stringify({ ...document, servers }, null, 2)}\n`);
}

const DESCRIPTION =
  `Errors are problem details (RFC 9457). Enumerations are open: a later release may add a value, and a client treats a
value that it does not know as it treats a refusal or a state that it does not show. A call that becomes a submission
answers 202 with a Pending if the ledger has not decided within some seconds; that is another schema than that of 200
and 201, so a client must look at the status first.`.replaceAll('\n', ' ');

function documentOf(
  app: INestApplication,
  { service, publicBasePath }: ServiceSettings,
  signIn: SignIn,
): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(`Voucher platform: ${service}`)
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addSecurity(TOKEN, {
      type: 'oauth2',
      description: 'A JWT of the issuer. An operation needs any one of the scopes that it names',
      flows: {
        authorizationCode: {
          authorizationUrl: signIn.authorization_endpoint,
          tokenUrl: signIn.token_endpoint,
          scopes: SCOPE_MEANINGS,
        },
        clientCredentials: { tokenUrl: signIn.token_endpoint, scopes: SCOPE_MEANINGS },
      },
    })
    .build();
  const document = SwaggerModule.createDocument(app, about, { operationIdFactory });
  document.info.contact = { name: 'The operators of this installation' };
  if (publicBasePath !== '') document.servers = [{ url: publicBasePath }];
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path as Record<string, Operation>));
  operations.forEach(complete);
  document.tags = [...new Set(operations.flatMap(({ tags }) => tags ?? []))].sort().map((name) => ({ name }));
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
  operation.security ??= [];
  operation.responses['default'] = { ...problemResponse(500), description: 'Anything else that went wrong' };
  // Nest adds the headers that a handler reads, in lower case. The declared headers have more information.
  operation.parameters = operation.parameters?.filter(
    ({ in: where, name }) => where !== 'header' || name !== name.toLowerCase(),
  );
  for (const parameter of operation.parameters ?? [])
    if (parameter.in === 'path') parameter.schema = schemaOf(parameter);
}

/** A schema that the route declares for itself says more than its type. */
function schemaOf({ name, schema = {} }: { name: string; schema?: Schema }): Schema {
  return Object.keys(schema).length > 1 ? schema : (PATH_PARAMETERS[name] ?? schema);
}

/** Moves schemas with a title to the components. */
function withNouns(document: OpenAPIObject): OpenAPIObject {
  const nouns: Record<string, Schema> = {};
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'schema' ? referring(inner as Schema, nouns, COMPONENTS) : moved(inner),
      ]),
    );
  };
  const paths = moved(document.paths) as OpenAPIObject['paths'];
  addExamples(paths as unknown as Parameters<typeof addExamples>[0]);
  const sorted = Object.entries(nouns).sort(([a], [b]) => (a < b ? -1 : 1));
  const schemas = Object.fromEntries(sorted.map(([title, schema]) => [title, discriminated(schema, nouns)]));
  return { ...document, paths, components: { ...document.components, schemas } as OpenAPIObject['components'] };
}

/** Names the property by which variants differ, so that a generator makes one type for each. */
function discriminated(schema: Schema, nouns: Record<string, Schema>): Schema {
  const variants = (schema['oneOf'] as { $ref?: string }[] | undefined)?.map(({ $ref = '' }) => $ref) ?? [];
  const values = variants.map((at) => {
    const { type } = (nouns[at.slice(COMPONENTS.length)]?.['properties'] ?? {}) as Record<string, Schema | undefined>;
    return (type?.['enum'] as string[] | undefined) ?? [];
  });
  if (values.length === 0 || values.some(({ length }) => length !== 1)) return schema;
  const mapping = Object.fromEntries(values.map(([value], index) => [value!, variants[index]]));
  return { ...schema, discriminator: { propertyName: 'type', mapping } };
}
