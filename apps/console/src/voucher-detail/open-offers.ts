import type { EventEntry, EventRow } from '@vouchers/contracts';

/** The open offers among a voucher's newest events: the newest event of an entry tells how it is. */
export function openOffers(newestFirst: readonly EventRow[]): EventEntry[] {
  const entries = new Map<string, EventEntry>();
  for (const { data } of newestFirst)
    if (data.entry && !entries.has(data.entry.id)) entries.set(data.entry.id, data.entry);
  return [...entries.values()].filter(({ state }) => state === 'offered');
}
