// Decides inputs. Before each decision, what is due happens, the nodes are judged, and free units are offered.
import type { Definition } from '@vouchers/contracts';
import { judgingTime, ownTime } from './clock.ts';
import type { Decision, Input } from './decision.ts';
import { isUnfinished } from './counters.ts';
import { bringDue, hasRoom, takeBack } from './due.ts';
import { evolve, firstEvent } from './evolve.ts';
import type { Knowledge } from './knowledge.ts';
import { judgeEnableNode, judgeTerminateNode } from './nodes.ts';
import { eventsToCome, makeOffers } from './offers.ts';
import { Proceedings } from './proceedings.ts';
import type { VoucherState } from './state.ts';
import { giveVerdict } from './submissions/give-verdict.ts';
import { isRepeated, pushRefusal } from './submissions/push.ts';
import { termsOf } from './terms.ts';

/**
 * Decides an input. The caller has checked that a submission has the shape of its kind. A submission for an undefined
 * voucher and an unreadable definition give no events; the caller quarantines them. Any other submission that cannot
 * be judged is refused as `unreadable`.
 * @throws NotGiven if `knowledge` lacks something that `needsOf` asks for
 */
export function decide(voucher: VoucherState | undefined, knowledge: Knowledge, input: Input): Decision {
  switch (input.type) {
    case 'definition':
      return define(voucher, knowledge, input);
    case 'tick':
      return tick(voucher, knowledge, input);
    case 'submission':
      return submit(voucher, knowledge, input);
    default:
      return input satisfies never;
  }
}

type InputOf<T extends Input['type']> = Extract<Input, { type: T }>;

function nothing(voucher: VoucherState | undefined): Decision {
  return { events: [], voucher, more: false };
}

/** Records the changes that need no submission. False: the slice is full. */
function happen(proceedings: Proceedings): boolean {
  return goOn(proceedings) && hasRoom(proceedings) && bringDue(proceedings);
}

/** Does what the slice before has left: claims to revoke, offers to withdraw or to make. False: the slice is full. */
function goOn(proceedings: Proceedings): boolean {
  if (!isUnfinished(proceedings.voucher)) return true;
  if (!takeBack(proceedings)) return false;
  const { offering, head } = proceedings.voucher;
  return !offering || makeOffers(proceedings, head.at);
}

/** Does what precedes a decision. False: the slice is full, or a termination must first take back claims and offers. */
function settle(proceedings: Proceedings): boolean {
  const { offering, head } = proceedings.voucher;
  // The slice before was full of offers that are made after both nodes, so the nodes are judged already.
  const isJudged = offering === true && head.at === proceedings.at;
  if (!happen(proceedings)) return false;
  if (!isJudged) {
    judgeEnableNode(proceedings);
    judgeTerminateNode(proceedings);
    if (isUnfinished(proceedings.voucher)) return false;
  }
  return makeOffers(proceedings, proceedings.at) && hasRoom(proceedings);
}

function submit(voucher: VoucherState | undefined, knowledge: Knowledge, input: InputOf<'submission'>): Decision {
  const submission = input.value;
  if (voucher === undefined) return nothing(voucher);
  const proceedings = new Proceedings(voucher, knowledge, judgingTime(voucher, input));
  // The verdict is already written. Only the events that follow from it may still be missing.
  if (voucher.lastVerdict === submission.submissionId) return finish(proceedings);
  if (submission.kind === 'push') {
    if (isRepeated(proceedings, submission)) return nothing(voucher);
    const hopeless = pushRefusal(proceedings, 'ever');
    if (hopeless) return { ...nothing(voucher), refusedPush: hopeless };
    // A push that would terminate the voucher is refused. The termination waits for the next input, too.
    const settled = settle(proceedings);
    if (!settled && proceedings.voucher.status !== 'terminated') return proceedings.pause();
    const refusedPush = pushRefusal(proceedings, 'now');
    if (refusedPush) return { ...nothing(voucher), refusedPush };
  } else if (!settle(proceedings)) {
    return proceedings.pause();
  }
  return giveWhole(proceedings, () => giveVerdict(proceedings, submission));
}

/** Gives the verdict, makes the offers that follow from it, and judges the terminate node. */
function giveWhole(proceedings: Proceedings, give: () => void): Decision {
  const isWhole = proceedings.whole(() => {
    give();
    return makeOffers(proceedings, proceedings.at);
  });
  if (isWhole) judgeTerminateNode(proceedings);
  return proceedings.end(isWhole, eventsToCome);
}

/**
 * Decides a submission whose verdict `give` records. Everything around the verdict is as in `decide`.
 * @param at the time at which it is judged (Unix ms)
 */
export function decideGiven(
  voucher: VoucherState,
  knowledge: Knowledge,
  { at, submissionId }: { at: number; submissionId: string },
  give: (proceedings: Proceedings) => void,
): Decision {
  const proceedings = new Proceedings(voucher, knowledge, Math.max(at, voucher.time));
  if (voucher.lastVerdict === submissionId) return finish(proceedings);
  if (!settle(proceedings)) return proceedings.pause();
  return giveWhole(proceedings, () => give(proceedings));
}

/** Ends an input whose first event is written. What may be missing are the events that follow from it. */
function finish(proceedings: Proceedings, isJudging = true): Decision {
  if (!isUnfinished(proceedings.voucher)) return nothing(proceedings.voucher);
  const isDone = goOn(proceedings);
  if (isDone && isJudging) judgeTerminateNode(proceedings);
  return proceedings.end(isDone);
}

/** Decides a tick. It moves the voucher's time only to the last event that it causes. */
function tick(voucher: VoucherState | undefined, knowledge: Knowledge, input: InputOf<'tick'>): Decision {
  if (voucher === undefined || voucher.definition.spec.clock === 'submissions') return nothing(voucher);
  return settleAt(voucher, knowledge, judgingTime(voucher, input));
}

/** Does what time brings about up to `at`, whatever the voucher's clock: what is due, the nodes, and offers. */
export function settleAt(voucher: VoucherState, knowledge: Knowledge, at: number): Decision {
  const proceedings = new Proceedings(voucher, knowledge, at);
  return settle(proceedings) ? proceedings.end() : proceedings.pause();
}

/** Does what is due by `at`, without the nodes. `now`: the time of the input that brought it about (Unix ms). */
export function fallDueAt(voucher: VoucherState, knowledge: Knowledge, at: number, now: number): Decision {
  const proceedings = new Proceedings(voucher, knowledge, at, now);
  return happen(proceedings) ? proceedings.end() : proceedings.pause();
}

/**
 * Decides a definition. A version that was decided before is ignored. With `clock: "submissions"` a definition does
 * not move the voucher's time and judges no node.
 */
function define(voucher: VoucherState | undefined, knowledge: Knowledge, input: InputOf<'definition'>): Decision {
  const definition = input.value;
  if (!isDefinition(definition)) return nothing(voucher);
  const timeless = definition.spec.clock === 'submissions';
  if (voucher === undefined) return begin(knowledge, ownTime(input), definition, timeless);
  const proceedings = new Proceedings(voucher, knowledge, judgingTime(voucher, input));
  if (definition.version <= voucher.lastVersion) return finish(proceedings, !timeless);
  if (!(timeless ? happen(proceedings) : settle(proceedings))) return proceedings.pause();
  const isWhole = proceedings.whole(() => {
    proceedings.record({ type: 'voucher.defined.v1', definition });
    return makeOffers(proceedings, proceedings.at);
  });
  // Offers are withdrawn in slices of their own, before the terminate node is judged.
  if (isWhole && !timeless && !isUnfinished(proceedings.voucher)) judgeTerminateNode(proceedings);
  return proceedings.end(isWhole);
}

function begin(knowledge: Knowledge, at: number, definition: Definition, timeless: boolean): Decision {
  const event = firstEvent(definition, at);
  const proceedings = new Proceedings(evolve(undefined, event), knowledge, at);
  proceedings.events.push(event);
  if (!timeless) judgeTerminateNode(proceedings);
  return proceedings.end();
}

function isDefinition(definition: Definition): boolean {
  try {
    termsOf(definition.spec);
    return typeof definition.voucherId === 'string' && Number.isSafeInteger(definition.version);
  } catch {
    return false;
  }
}
