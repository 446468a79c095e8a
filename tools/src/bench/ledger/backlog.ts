import type { Signer } from '@vouchers/contracts/signatures';
import type { Sizes } from '../bench.ts';
import { fill } from '../kafka.records.ts';
import type { Stage } from '../stage.ts';
import { publishVouchers } from '../vouchers.ts';

/** Publishes one hot voucher and puts its claims, signed or not, into Kafka. Nothing is decided yet. */
export async function backlogOf(
  stage: Stage,
  namespace: string,
  { claims }: Sizes,
  signer?: Signer,
): Promise<string[]> {
  const config = await stage.services(namespace, ['config']);
  const voucherIds = await publishVouchers(stage, config.urls.config, 1);
  await config.stop();
  await fill(stage.infrastructure.brokers, { namespace, voucherIds, claims, signer }, stage.say);
  return voucherIds;
}
