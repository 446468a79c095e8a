import { unavailable } from './problem.ts';
import { discover } from './discovery.ts';

export interface ClientCredentials {
  issuer: string;
  /** The address at which the issuer is reached, if it is not its own. */
  discoveryUrl?: string;
  audience: string;
  clientId: string;
  clientSecret: string;
  scope: string;
}

const ANSWER_MS = 2_000;
/** A token is renewed this long before it expires. */
const MARGIN_MS = 30_000;

/** Fetches tokens for calls between services (client credentials) and keeps them until they expire. */
export class TokenClient {
  private current?: { token: string; until: number };
  private asking?: Promise<string>;

  constructor(private readonly credentials: ClientCredentials) {}

  /** A bearer token. @throws 503 while the issuer is away */
  async token(): Promise<string> {
    if (this.current && Date.now() < this.current.until) return this.current.token;
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** Forgets a token that was refused with 401. */
  forget(): void {
    this.current = undefined;
  }

  private async ask(): Promise<string> {
    const { issuer, discoveryUrl, audience, clientId, clientSecret, scope } = this.credentials;
    try {
      const { token_endpoint } = await discover(issuer, discoveryUrl);
      if (!token_endpoint) throw new Error('the issuer names no token endpoint');
      const answer = await fetch(token_endpoint, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        // RFC 8707 calls the audience `resource` and requires an absolute URI.
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope,
          audience,
          ...(URL.canParse(audience) && { resource: audience }),
        }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (!answer.ok) throw new Error(`the issuer answered ${answer.status}${await errorIn(answer)} to ${clientId}`);
      const { access_token, expires_in = 60 } = (await answer.json()) as { access_token: string; expires_in?: number };
      this.current = { token: access_token, until: Date.now() + Math.max(expires_in * 1_000 - MARGIN_MS, 1_000) };
      return access_token;
    } catch (error) {
      throw unavailable(
        `No token for calls between services: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
  }
}

/** The `error` of a refusal (RFC 6749, 5.2), such as `invalid_client`. */
async function errorIn(answer: Response): Promise<string> {
  const { error } = (await answer.json().catch(() => ({}))) as { error?: unknown };
  return typeof error === 'string' && /^[\w-]{1,50}$/.test(error) ? ` ${error}` : '';
}
