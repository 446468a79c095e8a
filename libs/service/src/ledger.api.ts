// An HTTP client of the ledger with a token of its own.
import type { EventRow, List } from '@vouchers/contracts';
import { unavailable } from './problem.ts';
import { currentTraceparent } from './request-context.ts';
import type { ServiceSettings } from './settings.ts';
import { TokenClient } from './token.client.ts';
import type { TokenVerifier } from './verifier.ts';

const ANSWER_MS = 3_000;
/** The most events per answer. */
const MOST_EVENTS = 200;

/** The settings of a service that calls the ledger. */
export type LedgerAccess = Pick<ServiceSettings, 'issuer' | 'discoveryUrl' | 'audience' | 'tenancy'> & {
  ledgerUrl: string;
  clientId: string;
  clientSecret: string;
};

export class LedgerApi {
  readonly #tokens: TokenClient;
  readonly #scopes: readonly string[];
  readonly #url: string;

  constructor({ tenancy, ledgerUrl, ...client }: LedgerAccess) {
    const { issuer, discoveryUrl, audience, clientId, clientSecret } = client;
    // A service follows the vouchers of all teams. Where tenancy is open, its issuer need not know the second scope.
    const scope = tenancy === 'team' ? 'ledger:read audit:read' : 'ledger:read';
    this.#tokens = new TokenClient({ issuer, discoveryUrl, audience, clientId, clientSecret, scope });
    this.#scopes = scope.split(' ');
    this.#url = ledgerUrl;
  }

  /** Looks at the service's own token as the ledger does. @throws ProblemError, or Error that names missing scopes */
  async expectGoodToken(verifier: TokenVerifier): Promise<void> {
    try {
      const { scopes } = await verifier.claimsOf(`Bearer ${await this.#tokens.token()}`, {});
      const missing = this.#scopes.filter((scope) => !scopes.has(scope));
      if (missing.length > 0) throw new Error(`it lacks the scope ${missing.join(' ')}`);
    } catch (error) {
      this.#tokens.forget();
      throw error;
    }
  }

  /** At most 200 event rows of a partition that follow seq `after`, in order. */
  async events(partition: number, after: number, limit: number): Promise<EventRow[]> {
    const list = await this.get<List<EventRow>>(
      `/v1/events?partition=${partition}&after=${after}&limit=${Math.min(limit, MOST_EVENTS)}`,
    );
    return list?.items ?? [];
  }

  /** Event rows of a voucher with `after` < seq < `before`, in order, in pages. */
  async *eventsOf(voucherId: string, after: number, before: number): AsyncGenerator<EventRow[], void> {
    for (let last = after; ;) {
      const list = await this.get<List<EventRow>>(
        `/v1/vouchers/${voucherId}/events?after=${last}&limit=${MOST_EVENTS}`,
      );
      const rows = list?.items.filter(({ seq }) => seq < before) ?? [];
      if (rows.length > 0) yield rows;
      // A page of large events has fewer than MOST_EVENTS, and still a next one.
      if (!list?.next || rows.length < list.items.length) return;
      last = Number(list.next);
    }
  }

  /** Undefined for 404. @throws 503 while the ledger or the token issuer is away */
  protected async get<T>(path: string, again = true): Promise<T | undefined> {
    const token = await this.#tokens.token();
    const traceparent = currentTraceparent();
    const answer = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(traceparent && { traceparent }) },
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => {
      throw unavailable('The ledger is away.');
    });
    if (answer.ok) return (await answer.json()) as T;
    await answer.body?.cancel();
    if (answer.status === 404) return undefined;
    if (answer.status === 401 && again) {
      this.#tokens.forget();
      return this.get(path, false);
    }
    throw unavailable(`The ledger answered ${answer.status}.`);
  }
}
