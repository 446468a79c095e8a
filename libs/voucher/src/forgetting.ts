// Takes a user who is to be forgotten off a waiting list.
import type { Decision } from './decision.ts';
import type { Knowledge } from './knowledge.ts';
import { entryEnded, makeOffers } from './offers.ts';
import { Proceedings } from './proceedings.ts';
import type { VoucherState } from './state.ts';

/**
 * Ends the user's live entry at the voucher's time, and offers a unit that was set aside for it to who is next. No event
 * if there is no such entry. With `more`, the offers go on: call it again after the events are taken.
 * @param now the time of the input that brings it about (Unix ms)
 * @throws NotGiven with the need for something that is not known yet
 */
export function leaveForgotten(voucher: VoucherState, knowledge: Knowledge, userId: string, now: number): Decision {
  const { time: at, definition } = voucher;
  const isWall = definition.spec.clock === 'wall';
  const proceedings = new Proceedings(voucher, knowledge, isWall ? Math.max(now, at) : at);
  if (!voucher.offering) {
    const entry = proceedings.entryOf(userId);
    if (entry === undefined) return { events: [], voucher, more: false };
    const left = entryEnded(entry, 'left', at);
    const why = 'user-forgotten';
    const type = 'voucher.waiting-list-left.v1';
    proceedings.record({ type, at, userId, entry: left, entryBefore: entry.state, why });
  }
  const isDone = makeOffers(proceedings, at);
  return { events: proceedings.events, voucher: proceedings.voucher, more: !isDone };
}
