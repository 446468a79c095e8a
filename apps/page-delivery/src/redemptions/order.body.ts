import { CURRENCIES, type Order } from '@vouchers/contracts';
import { closed, named, ORDER, type Schema } from '@vouchers/contracts/schemas';
import { CompiledBody } from '@vouchers/service/thread';

const { properties, ...rest } = closed(ORDER);
const CURRENCY = named('Currency', { type: 'string', enum: CURRENCIES }, 'A currency in use, by its ISO 4217 code');

/** An order as a caller may send it. Items past 500 are an evaluation error of a condition, not a bad body. */
export const ORDER_SCHEMA: Schema = { ...rest, properties: { ...(properties as object), currency: CURRENCY } };

export interface OrderBody {
  order: Order;
}
export const orderBody = new CompiledBody<OrderBody>({
  type: 'object',
  required: ['order'],
  properties: { order: ORDER_SCHEMA },
  additionalProperties: false,
});
