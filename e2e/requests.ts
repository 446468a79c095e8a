// HTTP requests for the tests.
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import type { TestServices } from '@vouchers/testing';

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface RequestOptions {
  token?: string;
  /** The Idempotency-Key. */
  key?: string;
  headers?: Record<string, string>;
  /** A string or bytes are sent unchanged, anything else as JSON. */
  body?: unknown;
}

/** Sends one request and returns any answer. `Body` is the expected body; by default a problem. */
export async function send<Body = Problem>(
  method: string,
  url: string,
  { token, key, headers, body }: RequestOptions = {},
): Promise<Answer<Body>> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(key && { 'Idempotency-Key': key }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as Body,
  };
}

/** Repeats the request with the same key while the answer is 202, 503 or a broken connection. */
export async function untilDecided<Body>(ask: () => Promise<Answer<Body>>): Promise<Answer<Body>> {
  for (;;) {
    const sent = await ask().catch(() => undefined);
    if (sent && sent.status !== 202 && sent.status !== 503) return sent;
    await pause(100);
  }
}

/** Publishes a voucher that can be claimed now, with `changes` to its spec. */
export async function publishedVoucher(
  services: TestServices,
  token: string,
  changes: Partial<VoucherSpecInput> = {},
): Promise<Voucher> {
  const spec: VoucherSpecInput = {
    name: 'A voucher',
    resourceType: 'coupon',
    windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
    ...changes,
  };
  const sent = await send<{ items: Voucher[] }>('POST', `${services.urls.config}/v1/vouchers/batch`, {
    token,
    body: { items: [spec], publish: true },
  });
  if (sent.status !== 201) throw new Error(`a voucher was not made: ${sent.status} ${JSON.stringify(sent.body)}`);
  return sent.body.items[0]!;
}

/** All scopes that staff in the journeys need. */
export const STAFF = 'vouchers:read vouchers:write vouchers:publish ledger:read';
/** The scopes of a service that acts for users. */
export const ACTING = 'pages:read claims:act redemptions:write';
