// The way of an order call, as a pure state machine: what is submitted at a step, and which step follows when all of it
// is decided. The first run and a recovery are the same code, because the call's row has all that a step needs.
import type {
  Actor,
  Benefit,
  Check,
  Claim,
  Discount,
  Facts,
  Order,
  ProblemReason,
  Redemption,
  Submission,
} from '@vouchers/contracts';
import type { EventPosition } from '@vouchers/outcomes';
import { submissionIdOfStep } from '../submissions/idempotency.ts';

/** An order without its id, which is the key of its row. */
export type OrderContent = Omit<Order, 'id'>;

/** A claim that an order uses. What it takes off is recorded with its redemption. */
export interface Use {
  claimId: string;
  voucherId: string;
  redemptionId: string;
  /** That of the voucher, as it was then. */
  benefit?: Benefit;
}

/** A claim that a call uses, and what its submissions say beside the order. */
export interface PlannedUse extends Use {
  /** Absent: the voucher's benefit takes no money off. */
  discount?: Discount & { version: number };
  attributes?: Facts;
  strippedBy?: number;
  matchesGoods?: boolean;
  goodsVersion?: number;
}

interface AnyPlan {
  /** The user of the claims. */
  userId: string;
  asker: string;
  by: Actor;
  at: string;
  traceparent?: string;
  orderId: string;
}
/** All that a redemption call submits. The claims are of one user. */
export interface RedemptionPlan extends AnyPlan {
  kind: 'redemption';
  content: OrderContent;
  /** In the order in which the claims were given. */
  uses: PlannedUse[];
  /** In the order in which the claims are applied. */
  applied: string[];
}
type RolledBack = Pick<Redemption, 'id' | 'claimId' | 'voucherId'>;
/** All that a roll back submits. */
export interface RollbackPlan extends AnyPlan {
  kind: 'rollback';
  reason: string;
  redemptions: RolledBack[];
}
export type Plan = RedemptionPlan | RollbackPlan;

/** Why a call was refused. What is refused before anything is submitted has no submission. */
export interface Refusal {
  reason: ProblemReason;
  claimId?: string;
  checks: Check[];
  submissionId?: string;
}

/** By partition, the last seq of what the call has caused. */
export type Positions = Record<number, number>;

interface Reached {
  positions: Positions;
}
/** A step of a call that is under way. Attempts count the lockings. */
export type Step = Reached &
  (
    | { step: 'lock' | 'renew' | 'redeem'; attempt: number }
    | { step: 'unlock'; attempt: number; locked: string[]; refusal: Refusal }
    | { step: 'undo'; attempt: number; redeemed: string[]; refusal: Refusal }
    | { step: 'roll-back' }
  );
/** The outcome of a call. It is kept for ever. `undone`: redemptions that were rolled back since the order did not come about. */
export type Outcome = Reached &
  (
    | { step: 'redeemed'; uses: Use[] }
    | { step: 'rolled-back'; redemptionIds: string[] }
    | { step: 'refused'; refusal: Refusal; undone?: string[] }
  );
export type Progress = Step | Outcome;

export const isOver = (progress: Progress): progress is Outcome =>
  progress.step === 'redeemed' || progress.step === 'rolled-back' || progress.step === 'refused';

/** A call that is under way. */
export interface UnderWay {
  callId: string;
  bodyHash: string;
  plan: Plan;
  progress: Step;
}

/** The decision of one submission of a step. */
export interface Verdict {
  submissionId: string;
  position: EventPosition;
  reason?: ProblemReason;
  checks: Check[];
  claim?: Claim;
  redemption?: Redemption;
}

/** A submission of a step. Its verdict is filed under `key`. */
export interface Asking {
  key: string;
  submission: Exclude<Submission, { kind: 'push' }>;
}

/** The length of a reserving lock. */
const LOCK_SECONDS = 900;
/** Claims are redeemed only while each of their locks has this time left. */
const LEAST_LEFT_MS = 300_000;

export const firstStep = ({ kind }: Plan): Step =>
  kind === 'redemption' ? { step: 'lock', attempt: 1, positions: {} } : { step: 'roll-back', positions: {} };

/** All that a step submits. Asked again, it is the same. */
export function askingsOf(call: UnderWay): Asking[] {
  const { plan, progress } = call;
  if (plan.kind === 'rollback') return plan.redemptions.map((redemption) => rollbackOf(call, redemption));
  const of = (ids: readonly string[]): PlannedUse[] => plan.uses.filter(({ claimId }) => ids.includes(claimId));
  const but = (ids: readonly string[]): PlannedUse[] => plan.uses.filter(({ claimId }) => !ids.includes(claimId));
  switch (progress.step) {
    case 'lock':
      return plan.uses.map((use) => lockOf(call, plan, use, progress.attempt));
    case 'renew':
      return plan.uses.map((use) => unlockOf(call, plan, use, progress.attempt));
    case 'unlock':
      return of(progress.locked).map((use) => unlockOf(call, plan, use, progress.attempt));
    case 'redeem':
      return plan.uses.map((use) => redemptionOf(call, plan, use));
    case 'undo':
      return [
        ...of(progress.redeemed).map((use) => undoingOf(call, use)),
        ...but(progress.redeemed).map((use) => unlockOf(call, plan, use, progress.attempt)),
      ];
    case 'roll-back':
      return [];
    default:
      return progress satisfies never;
  }
}

/**
 * The step that follows when all of a step is decided.
 * @param now the time by which locks are judged, in Unix ms
 */
export function following(call: UnderWay, verdicts: ReadonlyMap<string, Verdict>, now: number): Progress {
  const { plan, progress } = call;
  const positions = reached(progress.positions, verdicts);
  if (plan.kind === 'rollback') return afterRollback(plan, verdicts, positions);
  switch (progress.step) {
    case 'lock': {
      const { attempt } = progress;
      const refusal = firstRefusal(plan, verdicts);
      if (refusal) {
        const locked = granted(plan, verdicts);
        if (locked.length > 0) return { step: 'unlock', attempt, locked, refusal, positions };
        return { step: 'refused', refusal, positions };
      }
      return { step: leftOf(plan, verdicts, now) >= LEAST_LEFT_MS ? 'redeem' : 'renew', attempt, positions };
    }
    case 'renew':
      return { step: 'lock', attempt: progress.attempt + 1, positions };
    case 'redeem': {
      const refusal = firstRefusal(plan, verdicts);
      if (refusal)
        return { step: 'undo', attempt: progress.attempt, redeemed: granted(plan, verdicts), refusal, positions };
      return { step: 'redeemed', uses: usesOf(plan), positions };
    }
    case 'unlock':
      return { step: 'refused', refusal: progress.refusal, positions };
    case 'undo': {
      const undone = plan.uses.filter(({ claimId }) => progress.redeemed.includes(claimId));
      const redemptionIds = undone.map(({ redemptionId }) => redemptionId);
      return { step: 'refused', refusal: progress.refusal, undone: redemptionIds, positions };
    }
    case 'roll-back':
      return progress;
    default:
      return progress satisfies never;
  }
}

/** Roll backs of what is rolled back already change nothing. */
function afterRollback({ redemptions }: RollbackPlan, verdicts: ReadonlyMap<string, Verdict>, positions: Positions) {
  for (const { id, claimId } of redemptions) {
    const { reason, checks, submissionId } = verdicts.get(id)!;
    if (reason !== undefined && reason !== 'already-rolled-back')
      return { step: 'refused', refusal: { reason, claimId, checks, submissionId }, positions } as const;
  }
  return { step: 'rolled-back', redemptionIds: redemptions.map(({ id }) => id), positions } as const;
}

const granted = ({ uses }: RedemptionPlan, verdicts: ReadonlyMap<string, Verdict>): string[] =>
  uses.map(({ claimId }) => claimId).filter((id) => verdicts.get(id)!.reason === undefined);

/** The refusal of the first claim, in the order in which they were given. */
function firstRefusal({ uses }: RedemptionPlan, verdicts: ReadonlyMap<string, Verdict>): Refusal | undefined {
  for (const { claimId } of uses) {
    const { reason, checks, submissionId } = verdicts.get(claimId)!;
    if (reason !== undefined) return { reason, claimId, checks, submissionId };
  }
  return undefined;
}

/** The time for which each lock still stands, at least. Unit: ms. */
function leftOf({ uses }: RedemptionPlan, verdicts: ReadonlyMap<string, Verdict>, now: number): number {
  const ends = uses.flatMap(({ claimId }) => {
    const until = verdicts.get(claimId)!.claim?.lock?.until;
    return until === undefined ? [] : [Date.parse(until)];
  });
  return Math.min(Infinity, ...ends) - now;
}

function usesOf({ uses, applied }: RedemptionPlan): Use[] {
  return applied.map((id) => {
    const { claimId, voucherId, redemptionId, benefit } = uses.find((use) => use.claimId === id)!;
    return { claimId, voucherId, redemptionId, ...(benefit && { benefit }) };
  });
}

function reached(positions: Positions, verdicts: ReadonlyMap<string, Verdict>): Positions {
  const all = { ...positions };
  for (const { position } of verdicts.values())
    all[position.partition] = Math.max(all[position.partition] ?? 0, position.seq);
  return all;
}

const basisOf = ({ callId, bodyHash, plan }: UnderWay, of: { claimId: string; voucherId: string }, step: string) => ({
  submissionId: submissionIdOfStep(callId, of.claimId, step),
  voucherId: of.voucherId,
  claimId: of.claimId,
  at: plan.at,
  asker: plan.asker,
  bodyHash,
  ...(plan.traceparent !== undefined && { traceparent: plan.traceparent }),
});

function lockOf(call: UnderWay, plan: RedemptionPlan, use: PlannedUse, attempt: number): Asking {
  const { lines: _, ...discount } = use.discount ?? {};
  const submission = {
    ...basisOf(call, use, `lock ${attempt}`),
    ...judgedBy(call, plan, use),
    ...(use.discount && { discount: discount as Omit<NonNullable<PlannedUse['discount']>, 'lines'> }),
    kind: 'lock' as const,
    userId: plan.userId,
    orderId: plan.orderId,
    ttlSeconds: LOCK_SECONDS,
  };
  return { key: use.claimId, submission };
}

function unlockOf(call: UnderWay, { userId, orderId }: RedemptionPlan, use: PlannedUse, attempt: number): Asking {
  const basis = basisOf(call, use, `unlock ${attempt}`);
  return { key: use.claimId, submission: { ...basis, kind: 'unlock', userId, orderId, orderCall: call.callId } };
}

function redemptionOf(call: UnderWay, plan: RedemptionPlan, use: PlannedUse): Asking {
  const submission = {
    ...basisOf(call, use, 'redeem'),
    ...judgedBy(call, plan, use),
    ...(use.discount && { discount: use.discount }),
    kind: 'redemption' as const,
    redemptionId: use.redemptionId,
    by: plan.by,
  };
  return { key: use.claimId, submission };
}

/** The fields by which a lock and its redemption are judged alike. */
const judgedBy = (
  { callId }: UnderWay,
  { orderId, content }: RedemptionPlan,
  { attributes, strippedBy, matchesGoods, goodsVersion }: PlannedUse,
) => ({
  order: { id: orderId, ...content },
  orderCall: callId,
  ...(attributes && { attributes }),
  ...(strippedBy !== undefined && { strippedBy }),
  ...(matchesGoods !== undefined && { matchesGoods, goodsVersion }),
});

function rollbackOf(call: UnderWay, { id, claimId, voucherId }: RolledBack): Asking {
  const { plan } = call;
  const reason = plan.kind === 'rollback' ? plan.reason : '';
  const basis = basisOf(call, { claimId, voucherId }, `roll back ${id}`);
  return { key: id, submission: { ...basis, kind: 'rollback', redemptionId: id, reason, by: plan.by } };
}

/** The claim is held again, whatever the pool says, since its order did not come about. */
function undoingOf(call: UnderWay, { claimId, voucherId, redemptionId }: PlannedUse): Asking {
  const basis = basisOf(call, { claimId, voucherId }, 'undo');
  const reason = 'the order did not come about';
  return {
    key: claimId,
    submission: { ...basis, kind: 'rollback', redemptionId, reason, hold: true, by: call.plan.by },
  };
}
