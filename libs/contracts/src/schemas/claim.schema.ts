import { CURRENCIES } from '../currencies.ts';
import {
  arrayOf,
  bodyOf,
  choice,
  COUNT,
  FLAG,
  ID,
  judged,
  maybe,
  named,
  record,
  text,
  TIME,
  whole,
  withFields,
  type Schema,
  type TypeOf,
} from './schema.ts';

/** The id of an order or the SKU of an article. */
export const NAME = judged(text(200, 1), { format: 'without-nul' });
const AMOUNT = { ...whole(0, Number.MAX_SAFE_INTEGER), description: 'minor units' };

export const CLAIM_STATE = choice('held', 'locked', 'redeemed', 'expired', 'released', 'revoked');
export type ClaimState = TypeOf<typeof CLAIM_STATE>;

export const CLAIM = named(
  'Claim',
  record({
    id: ID,
    voucherId: ID,
    voucherVersion: whole(1),
    userId: text(),
    state: CLAIM_STATE,
    uses: COUNT,
    heldAt: TIME,
    useFrom: TIME,
    useUntil: TIME,
    lock: maybe(
      named(
        'Lock',
        record({
          orderId: text(),
          until: TIME,
          reserved: maybe({ ...FLAG, description: 'by an order call: the claim does not expire before the lock ends' }),
          lockUntil: maybe({ ...TIME, description: 'of a reserved one: when the lock ends that stands again then' }),
        }),
      ),
    ),
    /** How often its end was moved. Absent in events if never. */
    extensions: maybe(COUNT),
  }),
  "One user's hold on one unit",
);
export interface Claim extends TypeOf<typeof CLAIM> {}

const ORDER_ITEM = named(
  'OrderItem',
  record({ sku: NAME, quantity: whole(1, Number.MAX_SAFE_INTEGER), amount: AMOUNT }),
);
export interface OrderItem extends TypeOf<typeof ORDER_ITEM> {}

const CURRENCY: Schema<string> = { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217' };
export const ORDER = named(
  'Order',
  record({ id: NAME, amount: AMOUNT, currency: CURRENCY, items: maybe(arrayOf(ORDER_ITEM)) }),
);
export interface Order extends TypeOf<typeof ORDER> {}

/** An order that a caller may send. More than 500 items are an evaluation error of a condition, not a bad body. */
export const ORDER_INPUT = named(
  'OrderInput',
  bodyOf(
    withFields(ORDER, {
      currency: named('Currency', choice(...CURRENCIES), 'A currency in use, by its ISO 4217 code'),
    }),
  ),
);

const LINE = record({ sku: maybe(text()), amount: AMOUNT });
/** The parts of a discount: one item per line of the order, in the order of the lines. */
export const DISCOUNT_LINES = arrayOf(
  named('DiscountLine', LINE, 'Without `sku`: the line of what the order adds to its items'),
);
export const DISCOUNT = named(
  'Discount',
  record({ amount: AMOUNT, currency: CURRENCY, lines: DISCOUNT_LINES }),
  'The lines sum to the amount',
);
/** The amount that a redemption took off its order, and its part of each line. */
export interface Discount extends TypeOf<typeof DISCOUNT> {}

/** An amount of an order's currency. Unit: minor units. */
export const MONEY = { amount: AMOUNT, currency: CURRENCY };

export const REDEMPTION = named(
  'Redemption',
  record({
    id: ID,
    claimId: ID,
    voucherId: ID,
    userId: text(),
    order: ORDER,
    at: TIME,
    rolledBackAt: maybe(TIME),
    /** Absent if the benefit takes no money off, or if a release before orders recorded it. */
    discount: maybe(DISCOUNT),
  }),
);
export interface Redemption extends TypeOf<typeof REDEMPTION> {}
