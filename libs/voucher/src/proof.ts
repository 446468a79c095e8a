// Checks from the events alone that a history is possible, whatever the ledger did.
import { proofFault, type Definition, type ProofFault, type ProofFaultCode } from '@vouchers/contracts';
import { moneySpent } from './amounts.ts';
import type { VoucherEvent } from './decision.ts';
import type { VoucherState } from './state.ts';
import { unitsGone } from './counters.ts';

/**
 * A fault if an event gave more than the quantity in force: more units than there were, more pushes or more uses.
 * @param after the state after the event
 */
export function excessOf(event: VoucherEvent, { counters, definition }: VoucherState): ProofFault | undefined {
  const { push, claim } = definition.spec.quantities;
  switch (event.type) {
    case 'voucher.claimed.v1':
      // A unit that was set aside was counted when it was offered, and the quantity may be lower since.
      return event.entryBefore === 'offered' ? undefined : beyond(unitsGone(counters), claim, 'units-gone');
    case 'voucher.offered.v1':
      return beyond(unitsGone(counters), claim, 'units-gone');
    case 'voucher.pushed.v1':
      return beyond(counters.pushed, push, 'pushes-above');
    case 'voucher.redeemed.v1':
      // A use that was reserved was counted then, and quantity and budget may be lower since.
      return event.endedReservation ? undefined : useExcess(counters, definition);
    case 'voucher.locked.v1':
      return event.claim!.lock!.reservation && useExcess(counters, definition);
    default:
      return undefined;
  }
}

function useExcess(counters: VoucherState['counters'], { spec }: Definition): ProofFault | undefined {
  const { redeem, budget } = spec.quantities;
  const uses = beyond(counters.redeemed + counters.reserved.uses, redeem, 'uses-above');
  if (uses !== undefined || !budget) return uses;
  const { amount, currency } = budget;
  return beyond(moneySpent(counters, currency), amount, 'budget-above', { currency });
}

const beyond = (
  count: number,
  most: number | null,
  code: ProofFaultCode,
  params: ProofFault['params'] = {},
): ProofFault | undefined => (most !== null && count > most ? proofFault(code, { count, most, ...params }) : undefined);

/** A fault if the claims or entries by state do not add up to all of them, or a counter is below 0. */
export function sumFaultOf({ counters }: VoucherState): ProofFault | undefined {
  const { refused: _, discounted, reserved, ...counts } = counters;
  const { claimed, held, locked, used, expired, released, revoked } = counts;
  const { joined, waiting, offered, claimedFromOffer, lapsed, left } = counts;
  const sum = held + locked + used + expired + released + revoked;
  if (sum !== claimed) return proofFault('claims-sum', { count: sum, all: claimed });
  const entries = waiting + offered + claimedFromOffer + lapsed + left;
  if (entries !== joined) return proofFault('entries-sum', { count: entries, all: joined });
  if (reserved.uses > locked) return proofFault('reserved-above', { count: reserved.uses, locked });
  const sums = [counts, discounted, { 'reserved uses': reserved.uses, ...reserved.discount }];
  const negative = sums.flatMap((part) => Object.entries(part)).find(([, count]) => count < 0);
  return negative && proofFault('below-zero', { name: negative[0], count: negative[1] });
}
