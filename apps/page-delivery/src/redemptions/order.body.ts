import type { Order } from '@vouchers/contracts';
import { closed, ORDER, record } from '@vouchers/contracts/schemas';
import { CompiledBody } from '@vouchers/service';

/** An order as a caller may send it. Items past 500 are an evaluation error of a condition, not a bad body. */
export const ORDER_SCHEMA = closed(ORDER);

export interface OrderBody {
  order: Order;
}
export const orderBody = new CompiledBody<OrderBody>(closed(record<OrderBody>({ order: ORDER })));
