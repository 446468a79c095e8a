import type { Claim, ClaimState, Order, OrderItem, Redemption } from '../claim.ts';
import { arrayOf, choice, COUNT, ID, maybe, named, record, text, TIME, whole } from './schema.ts';

const CLAIM_STATES = ['held', 'locked', 'redeemed', 'expired', 'released', 'revoked'] as const satisfies ClaimState[];
const NAME = { type: 'string', minLength: 1, maxLength: 200 };
const AMOUNT = { ...whole(0, Number.MAX_SAFE_INTEGER), description: 'minor units' };

export const CLAIM_STATE = choice(...CLAIM_STATES);

export const CLAIM = named(
  'Claim',
  record<Claim>({
    id: ID,
    voucherId: ID,
    voucherVersion: whole(1),
    userId: text(),
    state: CLAIM_STATE,
    uses: COUNT,
    heldAt: TIME,
    useFrom: TIME,
    useUntil: TIME,
    lock: maybe(record<NonNullable<Claim['lock']>>({ orderId: text(), until: TIME })),
  }),
  "One user's hold on one unit",
);

export const ORDER = named(
  'Order',
  record<Order>({
    id: NAME,
    amount: AMOUNT,
    currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217' },
    items: maybe(
      arrayOf(record<OrderItem>({ sku: NAME, quantity: whole(1, Number.MAX_SAFE_INTEGER), amount: AMOUNT })),
    ),
  }),
);

export const REDEMPTION = named(
  'Redemption',
  record<Redemption>({
    id: ID,
    claimId: ID,
    voucherId: ID,
    userId: text(),
    order: ORDER,
    at: TIME,
    rolledBackAt: maybe(TIME),
  }),
);
