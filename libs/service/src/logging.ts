import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { idsOf } from './request-context.ts';
import type { ServiceSettings } from './settings.ts';

/** Injection token of the service's pino logger: `@Inject(LOGGER) logger: Logger`. */
export const LOGGER = Symbol('LOGGER');

/** JSON lines on stdout, each with the ids of the request that it belongs to. Nothing of a caller's goes in but opaque ids. */
export function createLogger(settings: Pick<ServiceSettings, 'logLevel' | 'service'>, to?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: settings.logLevel,
    base: { service: settings.service, pid: process.pid },
    mixin: () => idsOf(),
    serializers: { err: shown },
  };
  return to ? pino(options, to) : pino(options);
}

/** Of an error no more than says what went wrong: Postgres's detail shows rows, TypeORM's parameters what was asked. */
function shown(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, code, cause } = error as Error & { code?: string };
  return { type: name, message, code, stack, ...(cause !== undefined && { cause: shown(cause) }) };
}

/** What Nest itself has to say, at debug unless something is wrong. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }
  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(
      { context: rest.at(-1) },
      message instanceof Error ? (message.stack ?? message.message) : String(message),
    );
  }
  fatal(message: unknown, context?: string): void {
    this.logger.fatal({ context }, String(message));
  }
}
