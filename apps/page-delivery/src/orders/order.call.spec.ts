import { describe, expect, it } from '@jest/globals';
import type { ProblemReason } from '@vouchers/contracts';
import {
  askingsOf,
  firstStep,
  following,
  isOver,
  type Progress,
  type RedemptionPlan,
  type RollbackPlan,
  type UnderWay,
  type Verdict,
} from './order.call.ts';

const NOW = Date.parse('2026-12-01T12:00:00Z');
const CALL = { callId: '7b0f5dc2-8a5f-8000-8000-000000000001', bodyHash: 'hash' };
const [A, B, C] = ['a', 'b', 'c'] as const;

const PLAN: RedemptionPlan = {
  kind: 'redemption',
  userId: 'ann',
  asker: 'asker',
  by: { sub: 'till', team: 'default' },
  at: '2026-12-01T12:00:00.000Z',
  orderId: 'order-1',
  content: { amount: 100, currency: 'EUR' },
  uses: [A, B, C].map((claimId) => ({
    claimId,
    voucherId: `voucher of ${claimId}`,
    redemptionId: `redemption of ${claimId}`,
    discount: { amount: 10, currency: 'EUR', lines: [{ amount: 10 }], version: 3 },
  })),
  applied: [C, A, B],
};
const ROLLBACK: RollbackPlan = {
  ...PLAN,
  kind: 'rollback',
  reason: 'returned',
  redemptions: [A, B].map((id) => ({ id, claimId: `claim of ${id}`, voucherId: 'voucher' })),
};

const under = (plan: UnderWay['plan'], progress = firstStep(plan)): UnderWay => ({ ...CALL, plan, progress });
const kinds = (call: UnderWay) => askingsOf(call).map(({ key, submission }) => `${submission.kind} ${key}`);
const ids = (call: UnderWay) => askingsOf(call).map(({ submission }) => submission.submissionId);

/** Decides all that a call asks: granted, with locks until `lockedFor` from now, but for these refusals. */
function decided(call: UnderWay, refusals: Record<string, ProblemReason> = {}, lockedFor = 900_000) {
  return new Map(
    askingsOf(call).map(({ key, submission }, seq): [string, Verdict] => {
      const lock = { orderId: 'order-1', until: new Date(NOW + lockedFor).toISOString() };
      const claim = submission.kind === 'lock' ? ({ lock } as Verdict['claim']) : undefined;
      const position = { partition: key === C ? 5 : 3, seq: seq + 1 };
      return [key, { submissionId: submission.submissionId, position, checks: [], claim, reason: refusals[key] }];
    }),
  );
}

/** The next call, and what it asks. */
function moved(call: UnderWay, refusals?: Record<string, ProblemReason>, lockedFor?: number): UnderWay {
  const progress: Progress = following(call, decided(call, refusals, lockedFor), NOW);
  expect(isOver(progress)).toBe(false);
  return { ...call, progress } as UnderWay;
}
const outcome = (call: UnderWay, refusals?: Record<string, ProblemReason>) =>
  following(call, decided(call, refusals), NOW);

describe('an order call', () => {
  it('locks all claims, then redeems all', () => {
    const locking = under(PLAN);
    expect(kinds(locking)).toEqual(['lock a', 'lock b', 'lock c']);
    const redeeming = moved(locking);
    expect(kinds(redeeming)).toEqual(['redemption a', 'redemption b', 'redemption c']);
    expect(outcome(redeeming)).toEqual({
      step: 'redeemed',
      // In the order in which they are applied.
      uses: [C, A, B].map((id) => ({
        claimId: id,
        voucherId: `voucher of ${id}`,
        redemptionId: `redemption of ${id}`,
      })),
      positions: { 3: 2, 5: 3 },
    });
  });

  it('says in a lock what it says in the redemption, without the lines', () => {
    const { submission } = askingsOf(under(PLAN))[0]!;
    expect(submission).toMatchObject({
      kind: 'lock',
      userId: 'ann',
      orderId: 'order-1',
      ttlSeconds: 900,
      order: { id: 'order-1', amount: 100, currency: 'EUR' },
      orderCall: CALL.callId,
    });
    expect('discount' in submission && submission.discount).toEqual({ amount: 10, currency: 'EUR', version: 3 });
    expect(askingsOf(moved(under(PLAN)))[0]!.submission).toMatchObject({ discount: PLAN.uses[0]!.discount });
  });

  it('unlocks what it locked if one is refused, and tells the refusal of the first claim as given', () => {
    const unlocking = moved(under(PLAN), { c: 'use-rule', b: 'locked' });
    expect(kinds(unlocking)).toEqual(['unlock a']);
    for (const unlocked of [undefined, { a: 'not-locked' as const }])
      expect(outcome(unlocking, unlocked)).toMatchObject({
        step: 'refused',
        refusal: { reason: 'locked', claimId: 'b', submissionId: ids(under(PLAN))[1] },
      });
    expect(outcome(under(PLAN), { a: 'locked', b: 'locked', c: 'locked' })).toMatchObject({
      step: 'refused',
      refusal: { claimId: 'a' },
    });
  });

  it.each([
    [300_000, ['redemption a', 'redemption b', 'redemption c']],
    [299_999, ['unlock a', 'unlock b', 'unlock c']],
  ])('redeems only while each lock stands for 300 s: with %d ms it asks %j', (left, asked) =>
    expect(kinds(moved(under(PLAN), {}, left))).toEqual(asked),
  );

  it('locks anew under other ids', () => {
    const again = moved(moved(under(PLAN), {}, 0));
    expect(kinds(again)).toEqual(['lock a', 'lock b', 'lock c']);
    expect(ids(again)).not.toEqual(ids(under(PLAN)));
  });

  it('rolls back with hold what it redeemed if a redemption is refused, and ends the other locks', () => {
    const undoing = moved(moved(under(PLAN)), { b: 'use-rule' });
    expect(kinds(undoing)).toEqual(['rollback a', 'rollback c', 'unlock b']);
    expect(askingsOf(undoing)[0]!.submission).toMatchObject({ redemptionId: 'redemption of a', hold: true });
    expect(outcome(undoing, { b: 'not-locked' })).toMatchObject({
      step: 'refused',
      refusal: { reason: 'use-rule', claimId: 'b' },
      undone: ['redemption of a', 'redemption of c'],
    });
  });

  it('asks the same again, each step under ids of its own', () => {
    const steps = [under(PLAN), moved(under(PLAN)), moved(under(PLAN), { a: 'locked' }), moved(under(PLAN), {}, 0)];
    for (const step of steps) expect(askingsOf(step)).toEqual(askingsOf(structuredClone(step)));
    const other = under({ ...PLAN, uses: PLAN.uses.toReversed() });
    const all = [...ids(steps[0]!), ...ids(steps[1]!), ...ids(steps[2]!), ...ids({ ...other, callId: 'other' })];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a roll back', () => {
  it('passes over what is rolled back already', () => {
    const call = under(ROLLBACK);
    expect(kinds(call)).toEqual(['rollback a', 'rollback b']);
    expect(outcome(call, { a: 'already-rolled-back' })).toMatchObject({
      step: 'rolled-back',
      redemptionIds: ['a', 'b'],
    });
  });

  it('is refused if one cannot be rolled back', () =>
    expect(outcome(under(ROLLBACK), { b: 'unreadable' })).toMatchObject({
      step: 'refused',
      refusal: { reason: 'unreadable', claimId: 'claim of b' },
    }));
});
