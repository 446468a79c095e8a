// The bodies and answers of order calls.
import { PROBLEM_REASONS } from '@vouchers/contracts';
import {
  anyOf,
  arrayOf,
  CHECK,
  choice,
  constant,
  exact,
  ID,
  maybe,
  named,
  ORDER_INPUT,
  record,
  REDEMPTION,
  text,
  type Schema,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { MOST_TOGETHER } from '@vouchers/pricing';
import { CompiledBody } from '@vouchers/service';
import { PRICED_SET } from '../quotes/quote.schema.ts';

const CLAIM_IDS = { ...arrayOf(ID, MOST_TOGETHER), minItems: 1 };

const REDEMPTIONS_INPUT = named('OrderRedemptionsInput', exact(record({ order: ORDER_INPUT, claimIds: CLAIM_IDS })));
export type RedemptionsBody = TypeOf<typeof REDEMPTIONS_INPUT>;
export const redemptionsBody = new CompiledBody(REDEMPTIONS_INPUT);

const ROLLBACK_INPUT = named(
  'OrderRollbackInput',
  exact(
    record({
      reason: text(1_000, 1),
      claimIds: maybe({ ...CLAIM_IDS, description: 'absent: all claims of the order' }),
    }),
  ),
);
export type RollbackBody = TypeOf<typeof ROLLBACK_INPUT>;
export const rollbackBody = new CompiledBody(ROLLBACK_INPUT);

const ORDER_STATE = choice('pending', 'redeemed', 'rolled-back', 'refused');
const NOTHING: Schema<null> = { type: 'null' };

const ORDER_FIELDS = {
  orderId: text(),
  state: { ...ORDER_STATE, description: 'redeemed: a use stands' },
  redemptions: { ...arrayOf(REDEMPTION), description: 'as they are now, with those that were rolled back' },
  quote: {
    ...anyOf(PRICED_SET, NOTHING),
    description: 'the price of the whole order with the uses that stand; null: no call has succeeded',
  },
};
export const ORDER_USE = named('OrderUse', record(ORDER_FIELDS));
/** An order with its uses. */
export type OrderUse = TypeOf<typeof ORDER_USE>;

const CALL = named(
  'OrderCall',
  record({
    callId: ID,
    kind: choice('redemption', 'rollback'),
    state: choice('pending', 'done', 'refused'),
    reason: maybe(choice(...PROBLEM_REASONS)),
    claimId: maybe({ ...ID, description: 'the claim that was refused' }),
    checks: maybe(arrayOf(CHECK)),
    submissionId: maybe({ ...ID, description: 'the refused submission' }),
  }),
);
export const ORDER_STATUS = named('OrderStatus', record({ ...ORDER_FIELDS, calls: arrayOf(CALL) }));
/** An order with its uses and its calls, oldest first. */
export type OrderStatus = TypeOf<typeof ORDER_STATUS>;

export const PENDING_ORDER = named('PendingOrder', record({ orderId: text(), callId: ID, state: constant('pending') }));
export type PendingOrder = TypeOf<typeof PENDING_ORDER>;
