import { exact, named, ORDER_INPUT, record, type TypeOf } from '@vouchers/contracts/schemas';
import { CompiledBody } from '@vouchers/service';

const BODY = named('RedemptionInput', exact(record({ order: ORDER_INPUT })));
export type OrderBody = TypeOf<typeof BODY>;
export const orderBody = new CompiledBody(BODY);
