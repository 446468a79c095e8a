// HTTP as the journeys speak it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import type { TestServices } from '@vouchers/testing';

export interface Sent<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface Sending {
  token?: string;
  /** Idempotency-Key. */
  key?: string;
  headers?: Record<string, string>;
  /** A string or bytes are sent as they are, anything else as JSON. */
  body?: unknown;
}

/** One request, whatever comes of it. `Body` is what the test expects; a problem where it does not say. */
export async function send<Body = Problem>(
  method: string,
  url: string,
  { token, key, headers, body }: Sending = {},
): Promise<Sent<Body>> {
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

/** Asks again, with the same key, while the answer is "not yet" (202), "away" (503) or a broken connection. */
export async function untilDecided<Body>(ask: () => Promise<Sent<Body>>): Promise<Sent<Body>> {
  for (;;) {
    const sent = await ask().catch(() => undefined);
    if (sent && sent.status !== 202 && sent.status !== 503) return sent;
    await pause(100);
  }
}

/** A published voucher, claimable now, with what `changes` says. */
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

/** Every scope that a journey's staff may need. */
export const STAFF = 'vouchers:read vouchers:write vouchers:publish ledger:read';
/** A service that acts for users. */
export const ACTING = 'pages:read claims:act redemptions:write';
