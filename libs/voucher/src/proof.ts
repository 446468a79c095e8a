// Checks from the events alone that a history is possible, whatever the ledger did.
import type { VoucherEvent } from './decision.ts';
import type { VoucherState } from './state.ts';
import { unitsGone } from './counters.ts';

/**
 * A sentence if an event gave more than the quantity in force: more units than there were, more pushes or more uses.
 * @param after the state after the event
 */
export function excessOf(event: VoucherEvent, { counters, definition }: VoucherState): string | undefined {
  const { push, claim, redeem } = definition.spec.quantities;
  switch (event.type) {
    case 'voucher.claimed.v1':
      // A unit that was set aside was counted when it was offered, and the quantity may be lower since.
      return event.entryBefore === 'offered' ? undefined : beyond(unitsGone(counters), claim, 'units were gone');
    case 'voucher.offered.v1':
      return beyond(unitsGone(counters), claim, 'units were gone');
    case 'voucher.pushed.v1':
      return beyond(counters.pushed, push, 'users had been shown it');
    case 'voucher.redeemed.v1':
      return beyond(counters.redeemed, redeem, 'uses were counted');
    default:
      return undefined;
  }
}

const beyond = (count: number, quantity: number | null, what: string): string | undefined =>
  quantity !== null && count > quantity ? `${count} ${what}, of ${quantity}` : undefined;

/** A sentence if the claims or entries by state do not add up to all of them, or a counter is below 0. */
export function sumFaultOf({ counters }: VoucherState): string | undefined {
  const { refused: _, ...counts } = counters;
  const { claimed, held, locked, used, expired, released, revoked } = counts;
  const { joined, waiting, offered, claimedFromOffer, lapsed, left } = counts;
  const sum = held + locked + used + expired + released + revoked;
  if (sum !== claimed) return `${sum} claims by state, ${claimed} in all`;
  const entries = waiting + offered + claimedFromOffer + lapsed + left;
  if (entries !== joined) return `${entries} entries by state, ${joined} in all`;
  const negative = Object.entries(counts).find(([, count]) => count < 0);
  return negative && `${negative[0]} is ${negative[1]}`;
}
