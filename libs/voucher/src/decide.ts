// Decides inputs. Before each decision, due claims expire or unlock and the nodes are judged.
import type { Definition } from '@vouchers/contracts';
import { judgingTime, ownTime } from './clock.ts';
import type { Decision, Input } from './decision.ts';
import { bringDue, revokeLive } from './due.ts';
import { evolve, firstEvent } from './evolve.ts';
import type { Knowledge } from './knowledge.ts';
import { judgeEnableNode, judgeTerminateNode } from './nodes.ts';
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
  return revokeLive(proceedings) && bringDue(proceedings);
}

/** Does what precedes a decision. False: the slice is full, or a termination must first revoke the held claims. */
function settle(proceedings: Proceedings): boolean {
  if (!happen(proceedings)) return false;
  judgeEnableNode(proceedings);
  judgeTerminateNode(proceedings);
  return !proceedings.voucher.revoking;
}

function submit(voucher: VoucherState | undefined, knowledge: Knowledge, input: InputOf<'submission'>): Decision {
  const submission = input.value;
  if (voucher === undefined) return nothing(voucher);
  const proceedings = new Proceedings(voucher, knowledge, judgingTime(voucher, input));
  // The verdict is already written. Only the events that follow from it may still be missing.
  if (voucher.lastVerdict === submission.submissionId)
    return voucher.revoking ? takeBack(proceedings) : nothing(voucher);
  if (submission.kind === 'push') {
    if (isRepeated(proceedings, submission)) return nothing(voucher);
    const hopeless = pushRefusal(proceedings, 'ever');
    if (hopeless) return { ...nothing(voucher), refusedPush: hopeless };
    // A push that would terminate the voucher is refused. The termination waits for the next input, too.
    const settled = settle(proceedings);
    if (!settled && !proceedings.voucher.revoking) return proceedings.pause();
    const refusedPush = pushRefusal(proceedings, 'now');
    if (refusedPush) return { ...nothing(voucher), refusedPush };
  } else if (!settle(proceedings)) {
    return proceedings.pause();
  }
  giveVerdict(proceedings, submission);
  judgeTerminateNode(proceedings);
  return proceedings.end();
}

function takeBack(proceedings: Proceedings): Decision {
  revokeLive(proceedings);
  return proceedings.end();
}

/** Decides a tick. It moves the voucher's time only to the last event that it causes. */
function tick(voucher: VoucherState | undefined, knowledge: Knowledge, input: InputOf<'tick'>): Decision {
  if (voucher === undefined || voucher.definition.spec.clock === 'submissions') return nothing(voucher);
  const proceedings = new Proceedings(voucher, knowledge, judgingTime(voucher, input));
  return settle(proceedings) ? proceedings.end() : proceedings.pause();
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
  if (definition.version <= voucher.lastVersion) return voucher.revoking ? takeBack(proceedings) : nothing(voucher);
  if (!(timeless ? happen(proceedings) : settle(proceedings))) return proceedings.pause();
  proceedings.record({ type: 'voucher.defined.v1', definition });
  if (!timeless) judgeTerminateNode(proceedings);
  return proceedings.end();
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
