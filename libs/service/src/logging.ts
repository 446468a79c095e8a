import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { idsOf } from './request-context.ts';
import type { ServiceSettings } from './settings.ts';

/** Injection token of the service's pino logger: `@Inject(LOGGER) logger: Logger`. */
export const LOGGER = Symbol('LOGGER');

/** Writes JSON lines to stdout with the ids of the current request. Lines have no data of callers except opaque ids. */
export function createLogger(settings: Pick<ServiceSettings, 'logLevel' | 'service'>, to?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: settings.logLevel,
    base: { service: settings.service, pid: process.pid },
    mixin: () => idsOf(),
    serializers: { err: shown },
  };
  return to ? pino(options, to) : pino(options);
}

/**
 * The loggable fields of an error. Postgres's detail has rows and TypeORM's parameters have input, so both are left
 * out.
 */
function shown(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, code, cause } = error as Error & { code?: string };
  return { type: name, message, code, stack, ...(cause !== undefined && { cause: shown(cause) }) };
}

/** Writes Nest's own messages at level debug, and its warnings and errors at their level. */
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
