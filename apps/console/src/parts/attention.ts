import type { CounterValues, Voucher } from '@vouchers/contracts';
import type { Attention } from '../app/filters.ts';

const SOON_MS = 2 * 86_400_000;

/** Tells what of a voucher needs attention, as far as its row shows it. Only live vouchers do. The ledger judges the same. */
export function attentionOf(
  { state, windows, quantities, clock }: Voucher,
  counters: CounterValues | undefined,
  now: number,
): Attention[] {
  if (state !== 'published' && state !== 'enabled') return [];
  const { free } = counters ?? {};
  const left = Date.parse(windows.claim.to) - now;
  const found: Attention[] = [];
  if (free === 0) found.push('sold-out');
  if (free && quantities.claim !== null && free * 10 < quantities.claim) found.push('low-stock');
  if (clock === 'wall' && left > 0 && left <= SOON_MS) found.push('ends-soon');
  return found;
}
