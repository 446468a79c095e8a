// Compares the ledger's counters with the files.
import type { Counters, CounterValues } from '@vouchers/contracts';
import type { Expected, Journey } from './journey.ts';
import type { Access } from './replay.ts';
import { ask } from './service-calls.ts';

/** Voucher ids per request. */
const IDS_AT_ONCE = 200;
const COUNTS = ['pushed', 'claimed', 'redeemed', 'held', 'used'] as const satisfies (keyof Expected)[];

export interface Totals extends CounterValues {
  vouchers: number;
}

const counting = (access: Access, query: string) =>
  ({
    method: 'GET',
    url: `${access.ledger}/v1/counters?${query}`,
    headers: { Authorization: `Bearer ${access.token}` },
  }) as const;

/** The sums of the counters of all vouchers with a label (`key:value`). */
export async function totalsOf(label: string, access: Access, signal: AbortSignal): Promise<Totals> {
  return (await ask<Totals>(counting(access, `label=${label}`), [200], signal)).body;
}

/** The counters of each voucher, by id. */
export async function countersOf(ids: string[], access: Access, signal: AbortSignal): Promise<Map<string, Counters>> {
  const found = new Map<string, Counters>();
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const query = `voucherId=${ids.slice(from, from + IDS_AT_ONCE).join(',')}`;
    const { body } = await ask<{ items: Counters[] }>(counting(access, query), [200], signal);
    for (const counters of body.items) found.set(counters.voucherId, counters);
  }
  return found;
}

/** One line per voucher whose counters differ from `expected`, with its name and the difference. */
export function differences(
  expected: Map<string, Expected>,
  idOf: Map<string, string>,
  counted: Map<string, Counters>,
): string[] {
  const lines: string[] = [];
  for (const key of new Set([...expected.keys(), ...idOf.keys()])) {
    const id = idOf.get(key);
    const [campaign, coupon] = key.split('/');
    const name = `voucher ${id ?? '(none)'} (campaign ${campaign}, coupon ${coupon})`;
    const should = expected.get(key);
    const counters = id === undefined ? undefined : counted.get(id);
    if (!should) lines.push(`${name}: the files do not have it`);
    else if (!counters) lines.push(`${name}: the ledger does not have it`);
    else {
      const wrong = COUNTS.filter((count) => counters[count] !== should[count]).map(
        (count) => `${count} ${counters[count]}, the files say ${should[count]}`,
      );
      const refused = Object.values(counters.refused).flatMap((reasons) => Object.entries(reasons ?? {}));
      if (counters.reserved.uses > 0) wrong.push(`reserved ${counters.reserved.uses}, the files say none`);
      if (refused.length > 0)
        wrong.push(`refused ${refused.map(([reason, times]) => `${reason} ${times}`).join(', ')}, the files say none`);
      if (wrong.length > 0) lines.push(`${name}: ${wrong.join('; ')}`);
    }
  }
  return lines;
}

/** The sums that all vouchers together must have. */
export function sumOf(journey: Journey): Expected {
  const sum: Expected = { pushed: 0, claimed: 0, redeemed: 0, held: 0, used: 0 };
  for (const expected of journey.expected.values()) for (const count of COUNTS) sum[count] += expected[count];
  return sum;
}
