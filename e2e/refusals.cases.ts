// Makes every check of every kind of submission fail: the steps that lead to it, and the trace that must result.
import type { Claim, Problem, Reason, Redemption, RefusedKind, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { order, type Actor, type CallOptions } from './actor.ts';
import type { Answer } from './requests.ts';

/** The order of checks in pool.md, written again. */
const JOIN_CHECKS: Reason[] = [
  'not-published',
  'terminated',
  'paused',
  'outside-valid-window',
  'not-enabled',
  'no-waiting-list',
  'outside-claim-window',
  'claim-rule',
  'per-user-limit',
  'already-waiting',
  'units-free',
  'waiting-list-full',
];
/** The checks of an extension, after the reason that the claim's state gives. */
const EXTENSION_CHECKS: Reason[] = [
  'terminated',
  'no-extension',
  'extension-limit',
  'others-wait',
  'nothing-to-extend',
];

/** The order of checks in semantics.md, written again. `STATE` stands for the reason that the claim's state gives. */
const STATE: Reason[] = ['claim-expired', 'claim-released', 'claim-revoked', 'already-redeemed'];
export const CHECKS: Record<RefusedKind, Reason[]> = {
  claim: [
    'not-published',
    'terminated',
    'paused',
    'outside-valid-window',
    'not-enabled',
    'outside-claim-window',
    'claim-rule',
    'per-user-limit',
    'sold-out',
  ],
  lock: [...STATE, 'locked-by-other-order', 'outside-use-window'],
  unlock: [...STATE, 'not-locked', 'locked-by-other-order'],
  release: [...STATE, 'locked'],
  revoke: STATE,
  redemption: [
    ...STATE,
    'locked-by-other-order',
    'outside-use-window',
    'already-redeemed',
    'order-required',
    'currency-mismatch',
    'no-effect',
    'use-rule',
    'redeem-quantity-reached',
    'budget-reached',
  ],
  rollback: ['already-rolled-back'],
  join: JOIN_CHECKS,
  leave: ['not-waiting'],
  extension: [...STATE, ...EXTENSION_CHECKS],
};

export const NOON = '2026-06-01T12:00:00.000Z'; // a Monday
const LATER = '2026-06-01T12:30:00.000Z';
const END = '2026-07-01T00:00:00.000Z';

/** A published voucher on the clock of submissions, without any claims yet. */
export class Scene {
  constructor(
    readonly actor: Actor,
    readonly voucher: Voucher,
    private readonly spec: VoucherSpecInput,
  ) {}

  static spec(changes: Partial<VoucherSpecInput> = {}): VoucherSpecInput {
    const windows = { timeZone: 'UTC', valid: { from: '2026-01-01T00:00:00Z', to: END } };
    return { name: 'A voucher', resourceType: 'coupon', clock: 'submissions', windows, ...changes };
  }
  claim(user = 'ann', more: CallOptions = {}): Promise<Answer<Claim & Problem>> {
    return this.actor.claim(this.voucher.id, { user, at: NOON, ...more });
  }
  /** Makes a claim that must be granted. */
  async held(user = 'ann', more: CallOptions = {}): Promise<string> {
    return granted(await this.claim(user, more)).id;
  }
  async locked(orderId = 'order-1'): Promise<string> {
    const id = await this.held();
    granted(await this.actor.lock(id, orderId, 3_600, { user: 'ann', at: NOON }));
    return id;
  }
  async redeemed(id: string, orderId = 'order-1'): Promise<Redemption> {
    return granted(await this.actor.redeem(id, order(orderId), { at: NOON }));
  }
  async edited(changes: Partial<VoucherSpecInput>): Promise<void> {
    granted(await this.actor.edit(this.voucher.id, { ...this.spec, ...changes }));
  }
  async staff(action: string): Promise<void> {
    granted(await this.actor.staff(action, this.voucher.id));
  }
}

function granted<Body>(sent: Answer<Body>): Body {
  if (sent.status >= 300) throw new Error(`not granted: ${sent.status} ${JSON.stringify(sent.body)}`);
  return sent.body;
}

export interface Refusal {
  kind: RefusedKind;
  reason: Reason;
  /** The kind whose checks judge it, if not its own: the lock of an order call is judged as a redemption. */
  judgedAs?: RefusedKind;
  /** The index in `CHECKS` of the check that decides. Only given if the reason occurs there twice. */
  place?: number;
  /** The part of the spec that makes the check fail. */
  spec?: Partial<VoucherSpecInput>;
  draft?: true;
  ask(scene: Scene): Promise<Answer<Problem>>;
  /** Text of the trace about the nearest change. Absent if no change is near. */
  detail?: string;
}

/** Only a redemption that takes money off has all of the checks. */
const OFF: Partial<VoucherSpecInput> = { benefit: { type: 'amount-off', amount: 1_000, currency: 'EUR' } };
const windows = (more: Partial<VoucherSpecInput['windows']>): Partial<VoucherSpecInput> => ({
  windows: { ...Scene.spec().windows, ...more },
});
const TUESDAYS = { hours: [{ days: ['TU' as const], from: '10:00', to: '11:00' }] };
const ASKING = { user: 'ann', at: LATER };

const ASK: Record<
  Exclude<RefusedKind, 'claim' | 'rollback' | 'join' | 'leave'>,
  (scene: Scene, id: string, at?: string) => Promise<Answer<Problem>>
> = {
  lock: ({ actor }, id, at = LATER) => actor.lock(id, 'order-2', 60, { ...ASKING, at }),
  unlock: ({ actor }, id, at = LATER) => actor.unlock(id, 'order-2', { ...ASKING, at }),
  release: ({ actor }, id, at = LATER) => actor.release(id, { ...ASKING, at }),
  revoke: ({ actor }, id, at = LATER) => actor.revoke(id, { at }),
  redemption: ({ actor }, id, at = LATER) => actor.redeem(id, order('order-2', 9_999), { at }),
  extension: ({ actor }, id, at = LATER) => actor.extend(id, { ...ASKING, at }),
};

/** Every kind of submission about a claim that has ended. */
const OF_ENDED: Refusal[] = (['lock', 'unlock', 'release', 'revoke', 'redemption', 'extension'] as const).flatMap(
  (kind): Refusal[] => [
    {
      kind,
      reason: 'claim-expired',
      ask: async (scene) => ASK[kind](scene, await scene.held(), END),
      detail: `expired at ${END}`,
    },
    {
      kind,
      reason: 'claim-released',
      async ask(scene) {
        const id = await scene.held();
        granted(await scene.actor.release(id, { user: 'ann', at: NOON }));
        return ASK[kind](scene, id);
      },
    },
    {
      kind,
      reason: 'claim-revoked',
      async ask(scene) {
        const id = await scene.held();
        granted(await scene.actor.revoke(id, { at: NOON }));
        return ASK[kind](scene, id);
      },
    },
    {
      kind,
      reason: 'already-redeemed',
      async ask(scene) {
        const id = await scene.held();
        await scene.redeemed(id);
        return ASK[kind](scene, id);
      },
    },
  ],
);

const OF_CLAIMING: Refusal[] = [
  { kind: 'claim', reason: 'not-published', draft: true, ask: (scene) => scene.claim() },
  { kind: 'claim', reason: 'terminated', ask: async (scene) => (await scene.staff('terminate'), scene.claim()) },
  { kind: 'claim', reason: 'paused', ask: async (scene) => (await scene.staff('pause'), scene.claim()) },
  {
    kind: 'claim',
    reason: 'outside-valid-window',
    ask: (scene) => scene.claim('ann', { at: '2025-12-31T23:59:59.999Z' }),
    detail: 'opens at 2026-01-01T00:00:00.000Z',
  },
  {
    kind: 'claim',
    reason: 'not-enabled',
    spec: { nodes: { enable: { when: 'counters.pushed >= 2' } } },
    ask: (scene) => scene.claim(),
    detail: 'counters.pushed would have to be 2 more (>= 2)',
  },
  {
    kind: 'claim',
    reason: 'outside-claim-window',
    spec: windows({ claim: TUESDAYS }),
    ask: (scene) => scene.claim(),
    detail: 'opens at 2026-06-02T10:00:00.000Z',
  },
  {
    kind: 'claim',
    reason: 'claim-rule',
    spec: { nodes: { claim: { when: 'counters.claimed < 1' } } },
    ask: async (scene) => (await scene.held('bob'), scene.claim()),
    detail: 'counters.claimed would have to be 1 less (< 1)',
  },
  {
    kind: 'claim',
    reason: 'per-user-limit',
    ask: async (scene) => (await scene.held(), scene.claim()),
    detail: 'at most 1 a user',
  },
  {
    kind: 'claim',
    reason: 'sold-out',
    spec: { quantities: { claim: 1 } },
    ask: async (scene) => (await scene.held('bob'), scene.claim()),
    detail: '0 of 1 units are free',
  },
];

const OF_HELD: Refusal[] = [
  ...(['lock', 'unlock', 'redemption'] as const).map((kind): Refusal => ({
    kind,
    reason: 'locked-by-other-order',
    ask: async (scene) => ASK[kind](scene, await scene.locked()),
    detail: 'locked until 2026-06-01T13:00:00.000Z',
  })),
  ...(['lock', 'redemption'] as const).map((kind): Refusal => ({
    kind,
    reason: 'outside-use-window',
    spec: windows({ use: { afterClaim: { delay: 'PT1H', length: 'P7D' }, ...TUESDAYS } }),
    ask: async (scene) => ASK[kind](scene, await scene.held()),
    detail: 'opens at 2026-06-02T10:00:00.000Z',
  })),
  { kind: 'unlock', reason: 'not-locked', ask: async (scene) => ASK.unlock(scene, await scene.held()) },
  {
    kind: 'release',
    reason: 'locked',
    ask: async (scene) => ASK.release(scene, await scene.locked()),
    detail: 'locked until 2026-06-01T13:00:00.000Z',
  },
];

const OF_USING: Refusal[] = [
  {
    kind: 'redemption',
    reason: 'already-redeemed',
    place: 6,
    spec: { nodes: { use: { perClaim: 2 } } },
    async ask(scene) {
      const id = await scene.held();
      await scene.redeemed(id);
      await scene.edited({ nodes: { use: { perClaim: 1 } } });
      return ASK.redemption(scene, id);
    },
    detail: 'used 1 times of 1',
  },
  {
    kind: 'redemption',
    reason: 'use-rule',
    spec: { ...OFF, nodes: { use: { when: 'order.amount >= 10000' } } },
    ask: async (scene) => ASK.redemption(scene, await scene.held()),
    detail: 'order.amount would have to be 1 more (>= 10000)',
  },
  {
    kind: 'redemption',
    reason: 'redeem-quantity-reached',
    spec: { ...OFF, quantities: { claim: 2, redeem: 1 } },
    async ask(scene) {
      await scene.redeemed(await scene.held('bob'));
      return ASK.redemption(scene, await scene.held());
    },
    detail: '0 of 1 uses are left',
  },
  {
    kind: 'rollback',
    reason: 'already-rolled-back',
    async ask(scene) {
      const { id } = await scene.redeemed(await scene.held());
      granted(await scene.actor.rollBack(id, { at: NOON }));
      return scene.actor.rollBack(id, { at: LATER });
    },
    detail: `rolled back at ${NOON}`,
  },
];

export const OF_CLAIMS: Refusal[] = [...OF_CLAIMING, ...OF_ENDED, ...OF_HELD, ...OF_USING];
