import type { Order } from '@vouchers/contracts';
import { CompiledBody } from '@vouchers/service';

const TEXT = { type: 'string', minLength: 1, maxLength: 200 };
const AMOUNT = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** An order as a caller may send it. Items past 500 are an evaluation error of a condition, not a bad body. */
export const ORDER_SCHEMA = {
  type: 'object',
  properties: {
    id: TEXT,
    amount: AMOUNT,
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: { sku: TEXT, quantity: { ...AMOUNT, minimum: 1 }, amount: AMOUNT },
        required: ['sku', 'quantity', 'amount'],
        additionalProperties: false,
      },
    },
  },
  required: ['id', 'amount', 'currency'],
  additionalProperties: false,
};

export interface OrderBody {
  order: Order;
}
export const orderBody = new CompiledBody<OrderBody>({
  type: 'object',
  properties: { order: ORDER_SCHEMA },
  required: ['order'],
  additionalProperties: false,
});
