import type { Sizes } from '../bench.ts';
import { fill } from '../kafka.records.ts';
import type { Stage } from '../stage.ts';
import { publishVouchers } from '../vouchers.ts';

/** One hot voucher, and its claims in Kafka; nothing of it is decided. */
export async function backlogOf(stage: Stage, namespace: string, { claims }: Sizes): Promise<string[]> {
  const config = await stage.services(namespace, ['config']);
  const voucherIds = await publishVouchers(stage, config.urls.config, 1);
  await config.stop();
  await fill(stage.infrastructure.brokers, { namespace, voucherIds, claims }, stage.say);
  return voucherIds;
}
