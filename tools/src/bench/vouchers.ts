// Makes vouchers and pages for a bench, through config's HTTP interface, as staff do.
import type { Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { ask } from '../demo/service-calls.ts';
import type { Stage } from './stage.ts';

/** A token, and the lifetime that ends its requests. */
type Caller = Pick<Stage, 'token' | 'lifetime'>;

/** Units of a bench's voucher: limited, but more than are ever claimed. */
export const UNITS = 100_000_000;
const MOST_IN_BATCH = 500;

/** Makes and publishes vouchers that anyone may claim for years. @returns their ids */
export async function publishVouchers(
  stage: Caller,
  config: string,
  count: number,
  changes: Partial<VoucherSpecInput> = {},
): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const items = Array.from({ length: Math.min(MOST_IN_BATCH, count - ids.length) }, () => specOf(changes));
    const call = {
      method: 'POST',
      url: `${config}/v1/vouchers/batch`,
      headers: authorized(stage),
      body: { items, publish: true },
    } as const;
    const { body } = await ask<{ items: Voucher[] }>(call, [201], stage.lifetime.signal);
    ids.push(...body.items.map(({ id }) => id));
  }
  return ids;
}

/** Publishes a page that shows these vouchers. */
export async function publishPage(
  stage: Caller,
  config: string,
  slug: string,
  voucherIds: readonly string[],
): Promise<void> {
  const call = {
    method: 'PUT',
    url: `${config}/v1/pages/${slug}`,
    headers: authorized(stage),
    body: { title: slug, voucherIds },
  } as const;
  await ask(call, [200, 201], stage.lifetime.signal);
}

/** Reads from a service. @throws Error with the answer if it is not 200 */
export async function read<Body>(stage: Caller, url: string, headers: Record<string, string> = {}): Promise<Body> {
  const call = { method: 'GET', url, headers: { ...authorized(stage), ...headers } } as const;
  return (await ask<Body>(call, [200], stage.lifetime.signal)).body;
}

export const authorized = (stage: Caller): Record<string, string> => ({ Authorization: `Bearer ${stage.token}` });

const specOf = (changes: Partial<VoucherSpecInput>): VoucherSpecInput => ({
  name: '20 off from 100',
  resourceType: 'coupon',
  benefit: { type: 'amount-off', amount: 2_000, currency: 'EUR' },
  quantities: { claim: UNITS },
  windows: { timeZone: 'Europe/Berlin', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
  operations: { claimLabel: 'Claim it' },
  labels: { campaign: 'bench' },
  ...changes,
});
