import type { Logger } from 'pino';
import type { LedgerApi } from './ledger.api.ts';
import { ProblemError } from './problem.ts';
import type { Readiness } from './readiness.ts';
import type { ServiceSettings } from './settings.ts';
import { TokenVerifier } from './verifier.ts';

const APART_MS = 1_000;

/**
 * A service is not ready before its own token for the ledger was fetched and was good. Later faults do not count, since
 * a service goes on while the issuer is away.
 */
export function expectOwnToken(
  ledger: LedgerApi,
  settings: ServiceSettings,
  readiness: Readiness,
  logger: Logger,
): void {
  const verifier = new TokenVerifier(settings, logger);
  let fault: string | undefined = 'is not fetched yet';
  let lookedAt = -Infinity;
  const look = async (): Promise<void> => {
    lookedAt = performance.now();
    const found = await ledger.expectGoodToken(verifier).then(() => undefined, explained);
    if (found !== undefined && found !== fault) logger.error({ fault: found }, "the service's token is not good");
    fault = found;
  };
  readiness.add('token', () => {
    if (fault === undefined) return;
    if (performance.now() >= lookedAt + APART_MS) void look();
    throw new Error(`the token for the ledger: ${fault}`);
  });
  void look();
}

const explained = (error: Error): string =>
  error instanceof ProblemError ? (error.about.explained ?? error.message) : error.message;
