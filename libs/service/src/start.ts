import 'reflect-metadata';
import { ShutdownSignal, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LONGEST_PARTY } from '@vouchers/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { admit, DEFAULT_BODY_BYTES } from './admission.ts';
import { keepBasePath } from './base-path.ts';
import { migrate, type DatabaseOptions } from './database.ts';
import { limitFetching, requestDeadlines } from './deadlines.ts';
import { callDirectly } from './direct.ts';
import { createLogger, NestLog } from './logging.ts';
import { partPorts } from './management.ts';
import { httpSeconds } from './http.seconds.ts';
import { serveDocs } from './openapi.ts';
import { ProblemFilter, problemOf } from './problem.filter.ts';
import { idsOf, knowRequests } from './request-context.ts';
import { rateLimits } from './rate-limits.ts';
import { secure } from './secure.ts';
import { ServiceModule } from './service.module.ts';
import { loadSettings, SettingsError, type ServiceSettings } from './settings.ts';
import { Tenancy } from './tenancy.ts';
import { traceRequests } from './tracing.ts';
import { TokenVerifier } from './verifier.ts';

/** Longer than the idle time after which a proxy in front closes a connection. */
const KEEP_ALIVE_MS = 72_000;
const STOP_MS = 3_000;

/**
 * Starts a service's module: Nest on Fastify with everything that the contract requires of all services. It listens on
 * `settings.port` (0: any free port, see `app.getUrl()`) and stops on SIGTERM, SIGINT or `app.close()`.
 */
export async function startService(module: Type, settings: ServiceSettings): Promise<NestFastifyApplication> {
  const logger = createLogger(settings);
  const adapter = new FastifyAdapter({
    bodyLimit: DEFAULT_BODY_BYTES,
    ...requestDeadlines(settings),
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    genReqId: requestIds(),
    // A path may name a user, whose characters have two UTF-16 units at most. The route judges a longer id.
    routerOptions: { maxParamLength: 4 * LONGEST_PARTY },
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
  keepBasePath(fastify, settings);
  const listenToOperators = partPorts(fastify, settings);
  const verifier = new TokenVerifier(settings, logger);
  await traceRequests(fastify, settings);
  admit(fastify, verifier, rateLimits(settings), app.get(Tenancy));
  callDirectly(fastify, app);
  knowRequests(fastify);
  observe(fastify, logger);
  endStreams(fastify);
  limitFetching(fastify, settings);
  app.useGlobalFilters(new ProblemFilter(logger));
  serveDocs(app, settings, () => verifier.signIn);
  // It ends by exit, because the first process of a container ignores a repeated signal.
  app.enableShutdownHooks([ShutdownSignal.SIGTERM, ShutdownSignal.SIGINT], { useProcessExit: true });
  await app.listen({ port: settings.port, host: settings.host });
  await listenToOperators();
  logger.info({ url: await app.getUrl() }, 'listening');
  void verifier.refreshKeys();
  return app;
}

/** Makes unique request ids cheaply: an id of the process and a number. */
function requestIds(): () => string {
  const ofProcess = randomUUID();
  let count = 0;
  return () => `${ofProcess}-${(count += 1)}`;
}

/** Lets running requests end when the service stops. Streams, which never end, are closed after a while. */
function endStreams(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), STOP_MS).unref();
    done();
  });
}

/** Runs a service's `main.ts`. If it cannot start, it prints one clear line and exits with 1. */
export async function runService<S extends ServiceSettings>(
  Settings: new () => S,
  start: (settings: S) => Promise<unknown>,
): Promise<void> {
  try {
    await start(loadSettings(Settings));
  } catch (error) {
    end('cannot start', error);
  }
}

/** Runs a service's `migrate.ts`. It prints the migrations that ran, or one clear line and exits with 1. */
export async function runMigrations<S extends ServiceSettings>(
  Settings: new () => S,
  options: DatabaseOptions,
): Promise<void> {
  try {
    const settings = loadSettings(Settings);
    const done = await migrate({ databaseUrl: settings.ownerUrl, login: settings.login }, options, {
      onWait: (reason) => console.log(`${settings.databaseName}: a migration waits for a lock: ${reason}`),
    });
    console.log(`${settings.databaseName}: ${done.length > 0 ? done.join(', ') : 'up to date'}`);
  } catch (error) {
    end('cannot migrate', error);
  }
}

function end(what: string, error: unknown): never {
  const isPlain = error instanceof SettingsError || cannotListen(error);
  console.error(`${what}: ${isPlain ? error.message : ((error as Error).stack ?? String(error))}`);
  process.exit(1);
}

/** Whether PORT is taken or HOST is no address of this machine. */
const cannotListen = (error: unknown): error is Error =>
  (error as { syscall?: string }).syscall === 'listen' || (error as { syscall?: string }).syscall === 'getaddrinfo';

function observe(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const { url: route = 'unknown' } = request.routeOptions;
    const { statusCode: status, elapsedTime } = reply;
    httpSeconds.observe({ method, route, status }, elapsedTime / 1_000);
    if (logger.isLevelEnabled('debug')) {
      const answer = { method, route, status, ms: Math.round(elapsedTime) };
      logger.debug({ ...idsOf(request), ...answer, submissionId: reply.getHeader('submission-id') }, 'answered');
    }
    done();
  });
}
