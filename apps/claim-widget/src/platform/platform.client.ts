// Sends requests to page-delivery with a token, which is renewed once if it is rejected.
import type { Claim, Entry, List, PageData, Reason } from '@vouchers/contracts';

/**
 * A bearer token, or a function that returns one. `renew`: the platform rejected the last one. null or undefined:
 * nobody is signed in.
 */
export type TokenSource =
  | string
  | ((about: { renew: boolean }) => string | null | undefined | Promise<string | null | undefined>)
  | null
  | undefined;

/** The result of a request. */
export type Answer<Body> =
  | { readonly type: 'answered'; readonly status: number; readonly body: Body | undefined; readonly headers: Headers }
  | { readonly type: 'unreachable' }
  | { readonly type: 'signed-out' };

/** The requests that a press may send. */
export type Request = 'claim' | 'extend' | 'join' | 'leave';

/** The method and path of each request. */
const ROUTES: Readonly<Record<Request, readonly [string, string, string]>> = {
  claim: ['POST', 'vouchers', 'claims'],
  extend: ['POST', 'claims', 'extensions'],
  join: ['PUT', 'vouchers', 'waiting-list-entry'],
  leave: ['DELETE', 'vouchers', 'waiting-list-entry'],
};

/** The part of `GET /v1/submissions/{id}` that the widget needs. */
export interface SubmissionStatus {
  readonly status: 'pending' | 'accepted' | 'refused';
  readonly reason?: Reason;
  readonly claim?: Claim;
  readonly entry?: Entry;
}

/** The additional member in the problem details of a 409. */
export interface Refusal {
  readonly reason?: Reason;
}

const TIMEOUT_MS = 15_000;

export class PlatformClient {
  /** The position of the newest decision that this widget saw. page-delivery must have read at least so far. */
  #position: string | undefined;
  /** The difference of the platform's clock to this one. Unit: milliseconds. */
  #aheadMs = 0;
  readonly #api: string;
  readonly #token: () => TokenSource;

  constructor(api: string, token: () => TokenSource) {
    this.#api = api;
    this.#token = token;
  }

  /** The platform's time. Unix milliseconds. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  page(slug: string): Promise<Answer<PageData>> {
    return this.read(`pages/${encodeURIComponent(slug)}`);
  }

  /** The user's entries that wait, with the number of those ahead of each. */
  entries(): Promise<Answer<List<Entry>>> {
    return this.read('waiting-list-entries?state=waiting&limit=200');
  }

  /** @param body '' for none */
  send(request: Request, id: string, key: string, body: string): Promise<Answer<(Claim | Entry) & Refusal>> {
    const [method, of, what] = ROUTES[request];
    const headers = { 'Idempotency-Key': key, ...(body && { 'Content-Type': 'application/json' }) };
    return this.#call(method, `/v1/${of}/${encodeURIComponent(id)}/${what}`, headers, body || undefined);
  }

  /** @param location the Location header of a 202 */
  submission(location: string): Promise<Answer<SubmissionStatus>> {
    return this.#call('GET', location);
  }

  /** The `sub` of the present token; '' without a token. It is only compared, so it is neither verified nor decoded. */
  async subject(): Promise<string> {
    try {
      const [, payload] = (await this.#tokenNow(false))!.split('.');
      return String((JSON.parse(atob(payload!.replace(/-/g, '+').replace(/_/g, '/'))) as { sub: unknown }).sub);
    } catch {
      return '';
    }
  }

  /** @param path below `/v1/` */
  read<Body>(path: string): Promise<Answer<Body>> {
    return this.#call('GET', `/v1/${path}`, this.#position ? { 'Voucher-Position': this.#position } : {});
  }

  async #call<Body>(
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: string,
  ): Promise<Answer<Body>> {
    try {
      for (const renew of [false, true]) {
        const token = await this.#tokenNow(renew);
        if (!token) return { type: 'signed-out' };
        const response = await fetch(new URL(path, this.#api), {
          method,
          headers: { ...headers, Authorization: `Bearer ${token}` },
          body,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (response.status !== 401) return await this.#answered(response);
        if (typeof this.#token() !== 'function') break;
      }
      return { type: 'signed-out' };
    } catch {
      return { type: 'unreachable' };
    }
  }

  async #answered<Body>(response: Response): Promise<Answer<Body>> {
    const { status, headers } = response;
    const text = await response.text();
    this.#position = headers.get('voucher-position') ?? this.#position;
    const date = Date.parse(headers.get('date') ?? '');
    // `Date` has whole seconds, so a small difference means nothing.
    if (date) this.#aheadMs = Math.abs(date - Date.now()) < 2_000 ? 0 : date - Date.now();
    let body: Body | undefined;
    try {
      body = JSON.parse(text) as Body;
    } catch {
      body = undefined;
    }
    return { type: 'answered', status, body, headers };
  }

  async #tokenNow(renew: boolean): Promise<string | null | undefined> {
    const source = this.#token();
    return typeof source === 'function' ? source({ renew }) : source;
  }
}

/** The header `Retry-After`, which the platform gives in seconds. 0 if there is none. */
export const retryAfterMs = (headers: Headers): number => Number(headers.get('retry-after')) * 1_000 || 0;
