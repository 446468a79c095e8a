import type { Claim, PageModule } from '@vouchers/contracts';

const STATES = [
  'claimable',
  'claimed',
  'locked',
  'redeemed',
  'not-started',
  'ended',
  'sold-out',
  'waiting',
  'offered',
  'not-eligible',
  'loading',
  'pending',
  'offline',
  'signed-out',
  'error',
] as const;

const valid = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
const later = { from: '2119-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
const claim: Claim = {
  id: 'c',
  voucherId: 'v',
  voucherVersion: 1,
  userId: 'u',
  state: 'held',
  uses: 0,
  heldAt: valid.from,
  useFrom: valid.from,
  useUntil: valid.to,
};

const entry = { id: 'e', voucherId: 'v', voucherVersion: 1, userId: 'u', joinedAt: valid.from };

/** Input for the widget's `data`: one voucher in every state that it may show. */
export const dataInEveryState = () => ({
  slug: 'every-state',
  title: '',
  popup: null,
  modules: STATES.map((state) => ({
    voucherId: `voucher-${state}`,
    version: 1,
    name: `${state} 满100减20`,
    resourceType: 'coupon' as const,
    benefit: { type: 'amount-off', amount: 2_000, currency: 'CNY' } satisfies PageModule['benefit'],
    state,
    ...(state === 'claimed' && { claim, extension: { open: true } }),
    ...(state === 'sold-out' && { waitingList: { open: true } }),
    ...(state === 'waiting' && { entry: { ...entry, state, ahead: 12 } }),
    ...(state === 'offered' && { entry: { ...entry, state, offer: { at: valid.from, until: later.from } } }),
    ...(state === 'not-eligible' && { reason: 'per-user-limit' as const }),
    windows: { timeZone: 'Asia/Shanghai', valid, claim: state === 'not-started' ? later : valid, use: valid },
    operations: {
      ...(state === 'claimed' && { afterClaim: { type: 'message' as const, text: 'Enjoy' } }),
      ...(state === 'claimable' && {
        popup: { trigger: 'on-claim' as const, title: 'T', text: 'For you '.repeat(40) },
      }),
    },
  })),
});
