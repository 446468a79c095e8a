import 'reflect-metadata';
import { ShutdownSignal, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify as plainFastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { admit, DEFAULT_BODY_BYTES } from './admission.ts';
import { migrate, type DatabaseOptions } from './database.ts';
import { callDirectly } from './direct.ts';
import { createLogger, NestLog } from './logging.ts';
import { httpSeconds } from './metrics.ts';
import { serveDocs } from './openapi.ts';
import { ProblemFilter, problemOf } from './problem.filter.ts';
import { idsOf, knowRequests } from './request-context.ts';
import { rateLimits } from './rate-limits.ts';
import { ServiceModule } from './service.module.ts';
import { loadSettings, SettingsError, type ServiceSettings } from './settings.ts';
import { traceRequests } from './tracing.ts';
import { TokenVerifier } from './verifier.ts';

/** Headers that a page of another origin may read. */
const EXPOSED_HEADERS = ['ETag', 'Location', 'Retry-After', 'Voucher-Position', 'Submission-Id', 'Date'];
/** A keep-alive connection outlives the pauses of a proxy in front. */
const KEEP_ALIVE_MS = 72_000;
const STOP_MS = 3_000;

/**
 * Starts a service's module: Nest on Fastify with all that the contract asks of every service. Listens on
 * `settings.port` (0: any free one, see `app.getUrl()`). Stops on SIGTERM and SIGINT, or by `app.close()`.
 */
export async function startService(module: Type, settings: ServiceSettings): Promise<NestFastifyApplication> {
  const logger = createLogger(settings);
  const adapter = new FastifyAdapter({
    bodyLimit: DEFAULT_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(error);
      void reply
        .code(problem.status)
        .type('application/problem+json; charset=utf-8')
        .serializer(JSON.stringify)
        .send(problem.body);
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(ServiceModule.with(settings, logger, module), adapter, {
    logger: new NestLog(logger),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  await secure(fastify, settings);
  const verifier = new TokenVerifier(settings.issuer, settings.audience, settings.discoveryUrl);
  await traceRequests(fastify, settings);
  admit(fastify, verifier, rateLimits(settings));
  callDirectly(fastify, app);
  knowRequests(fastify);
  observe(fastify, logger);
  endStreams(fastify);
  app.useGlobalFilters(new ProblemFilter(logger));
  serveDocs(app, settings);
  // By exit, not by the signal again: the first process of a container would not hear it.
  app.enableShutdownHooks([ShutdownSignal.SIGTERM, ShutdownSignal.SIGINT], { useProcessExit: true });
  await app.listen({ port: settings.port, host: '0.0.0.0' });
  logger.info({ url: await app.getUrl() }, 'listening');
  verifier.prepare().catch(() => logger.warn('the keys of the token issuer cannot be had yet'));
  return app;
}

/** Requests under way may end; streams that never end are cut off after a while. */
function endStreams(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), STOP_MS).unref();
    done();
  });
}

/** A service's `main.ts`: settings from the environment, one clear line and exit 1 where it cannot start. */
export async function runService<S extends ServiceSettings>(module: Type, Settings: new () => S): Promise<void> {
  try {
    await startService(module, loadSettings(Settings));
  } catch (error) {
    end('cannot start', error);
  }
}

/** A service's `migrate.ts`: says what was done, or one clear line and exit 1. */
export async function runMigrations<S extends ServiceSettings>(
  Settings: new () => S,
  options: Pick<DatabaseOptions, 'entities' | 'migrations'>,
): Promise<void> {
  try {
    const settings = loadSettings(Settings);
    const { entities, migrations } = options;
    const done = await migrate(settings.databaseUrl, { entities, migrations });
    console.log(`${settings.databaseName}: ${done.length > 0 ? done.join(', ') : 'up to date'}`);
  } catch (error) {
    end('cannot migrate', error);
  }
}

function end(what: string, error: unknown): never {
  const isPlain = error instanceof SettingsError || isPortTaken(error);
  console.error(`${what}: ${isPlain ? error.message : ((error as Error).stack ?? String(error))}`);
  process.exit(1);
}

const isPortTaken = (error: unknown): error is Error => (error as { code?: string }).code === 'EADDRINUSE';

async function secure(fastify: FastifyInstance, settings: ServiceSettings): Promise<void> {
  const origin = settings.corsOrigins.includes('*') ? '*' : settings.corsOrigins;
  await fastify.register(cors, {
    origin,
    exposedHeaders: EXPOSED_HEADERS.join(', '),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    maxAge: 600,
  });
  const headers = await helmetHeaders();
  fastify.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** Helmet makes its headers anew for each answer, which costs more than all else of a small one. They never change. */
async function helmetHeaders(): Promise<Record<string, string>> {
  const once = plainFastify();
  await once.register(helmet, {
    // Addresses without TLS on a developer's machine stay reachable.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // For browsers and plugins that are no more; each header costs as much as a look-up.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  once.get('/', async (_request, reply) => reply.raw.getHeaders());
  const answer = await once.inject('/');
  await once.close();
  return answer.json();
}

function observe(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const answer = { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode };
    httpSeconds.observe(answer, reply.elapsedTime / 1_000);
    if (logger.isLevelEnabled('debug')) {
      const took = { ms: Math.round(reply.elapsedTime), submissionId: reply.getHeader('submission-id') };
      logger.debug({ ...idsOf(request), ...answer, ...took }, 'answered');
    }
    done();
  });
}
