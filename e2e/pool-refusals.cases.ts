// Makes every check of a joining, a leaving and an extension fail.
import type { Problem, VoucherSpecInput } from '@vouchers/contracts';
import type { Refusal, Scene } from './refusals.cases.ts';
import type { Answer } from './requests.ts';

const LATER = '2026-06-01T12:30:00.000Z';
const END = '2026-07-01T00:00:00.000Z';
const WINDOWS = { timeZone: 'UTC', valid: { from: '2026-01-01T00:00:00Z', to: END } };
/** One unit, and a waiting list. */
const LIST: Partial<VoucherSpecInput> = { quantities: { claim: 1 }, waitingList: {} };
const WEEK = { windows: { ...WINDOWS, use: { afterClaim: { delay: 'PT0S', length: 'P7D' } } } };
const ONCE = { extension: { length: 'P1D', times: 1 } };

const join = ({ actor, voucher }: Scene, user = 'ann', at = LATER): Promise<Answer<Problem>> =>
  actor.join(voucher.id, { user, at });
const extend = ({ actor }: Scene, id: string): Promise<Answer<Problem>> => actor.extend(id, { user: 'ann', at: LATER });

/** Bob has the only unit. */
async function soldOut(scene: Scene): Promise<void> {
  await scene.held('bob');
}

export const OF_POOL: Refusal[] = [
  { kind: 'join', reason: 'not-published', draft: true, spec: LIST, ask: (scene) => join(scene) },
  {
    kind: 'join',
    reason: 'terminated',
    spec: LIST,
    ask: async (scene) => (await scene.staff('terminate'), join(scene)),
  },
  { kind: 'join', reason: 'paused', spec: LIST, ask: async (scene) => (await scene.staff('pause'), join(scene)) },
  {
    kind: 'join',
    reason: 'outside-valid-window',
    spec: LIST,
    ask: (scene) => join(scene, 'ann', '2025-12-31T23:59:59.999Z'),
    detail: 'opens at 2026-01-01T00:00:00.000Z',
  },
  {
    kind: 'join',
    reason: 'not-enabled',
    spec: { ...LIST, nodes: { enable: { when: 'counters.pushed >= 2' } } },
    ask: (scene) => join(scene),
    detail: 'counters.pushed would have to be 2 more (>= 2)',
  },
  { kind: 'join', reason: 'no-waiting-list', ask: (scene) => join(scene) },
  {
    kind: 'join',
    reason: 'outside-claim-window',
    spec: { ...LIST, windows: { ...WINDOWS, claim: { from: '2026-06-02T10:00:00Z' } } },
    ask: (scene) => join(scene),
    detail: 'opens at 2026-06-02T10:00:00.000Z',
  },
  {
    kind: 'join',
    reason: 'claim-rule',
    spec: { ...LIST, nodes: { claim: { when: 'counters.claimed < 1' } } },
    ask: async (scene) => (await soldOut(scene), join(scene)),
    detail: 'counters.claimed would have to be 1 less (< 1)',
  },
  {
    kind: 'join',
    reason: 'per-user-limit',
    spec: LIST,
    ask: async (scene) => (await scene.held(), join(scene)),
    detail: 'at most 1 a user',
  },
  {
    kind: 'join',
    reason: 'already-waiting',
    spec: LIST,
    ask: async (scene) => (await soldOut(scene), await join(scene), join(scene)),
  },
  { kind: 'join', reason: 'units-free', spec: LIST, ask: (scene) => join(scene), detail: '1 units are free' },
  {
    kind: 'join',
    reason: 'waiting-list-full',
    spec: { ...LIST, waitingList: { limit: 1 } },
    ask: async (scene) => (await soldOut(scene), await join(scene, 'carol'), join(scene)),
    detail: 'at most 1 wait',
  },
  {
    kind: 'leave',
    reason: 'not-waiting',
    spec: LIST,
    ask: ({ actor, voucher }) => actor.leave(voucher.id, { user: 'ann', at: LATER }),
  },
  {
    kind: 'extension',
    reason: 'terminated',
    spec: { ...WEEK, ...ONCE },
    async ask(scene) {
      const id = await scene.held();
      await scene.staff('terminate');
      return extend(scene, id);
    },
  },
  { kind: 'extension', reason: 'no-extension', ask: async (scene) => extend(scene, await scene.held()) },
  {
    kind: 'extension',
    reason: 'extension-limit',
    spec: { ...WEEK, ...ONCE },
    async ask(scene) {
      const id = await scene.held();
      await extend(scene, id);
      return extend(scene, id);
    },
    detail: 'at most 1',
  },
  {
    kind: 'extension',
    reason: 'others-wait',
    spec: { ...LIST, ...WEEK, ...ONCE },
    async ask(scene) {
      const id = await scene.held();
      await join(scene, 'bob');
      return extend(scene, id);
    },
  },
  {
    kind: 'extension',
    reason: 'nothing-to-extend',
    spec: ONCE,
    ask: async (scene) => extend(scene, await scene.held()),
    detail: `it ends at ${END} anyway`,
  },
];
