// The complete needs of a decision. Those of a voucher on whose waiting list nobody is are named by `needsOf`.
import { liveEntries } from './counters.ts';
import { decide } from './decide.ts';
import { type Input, SLICE } from './decision.ts';
import { type Knowledge, type Need, needsOf, NotGiven } from './knowledge.ts';
import type { VoucherState } from './state.ts';

/**
 * The things that must still be loaded before this input is decided, until there are none. Who is offered a unit depends
 * on who was offered one before, so the decision is tried, and names the first thing that it lacks.
 */
export function allNeedsOf(voucher: VoucherState | undefined, knowledge: Knowledge, input: Input): Need[] {
  const needs = needsOf(voucher, knowledge, input);
  if (needs.length > 0 || voucher === undefined || liveEntries(voucher) === 0) return needs;
  return missingIn(knowledge, () => decide(voucher, knowledge, input));
}

/** The things that a decision lacks first. None if it lacks nothing. @throws NotGiven if it does not say what it lacks */
export function missingIn(knowledge: Knowledge, decision: () => unknown): Need[] {
  try {
    decision();
  } catch (error) {
    if (error instanceof NotGiven && error.need) return withNext(error.need, knowledge);
    if (error instanceof NotGiven) throw error;
    // The decision fails in the same way when it is made.
  }
  return [];
}

/** The need, and what will probably be needed after it, so that it is not asked for one by one. */
function withNext(need: Need, knowledge: Knowledge): Need[] {
  if (need.what === 'waiting') return [{ what: 'waiting', count: Math.max(2 * need.count, SLICE) }];
  if (need.what !== 'user') return [need];
  const line = knowledge.waiting(1) ?? [];
  const others = line.slice(line.findIndex(({ userId }) => userId === need.id)).slice(0, SLICE);
  const unknown = others.filter(({ userId }) => !knowledge.knowsUser(userId));
  return [need, ...unknown.map(({ userId }): Need => ({ what: 'user', id: userId }))];
}
