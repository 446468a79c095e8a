// Very many claims end at one instant, and the ledger is killed half way.
import { randomUUID } from 'node:crypto';
import {
  HEADERS,
  SUBMISSION_TYPES,
  uuidv7,
  type CounterValues,
  type Voucher,
  type VoucherSpecInput,
} from '@vouchers/contracts';
import { rowsOf } from './evidence.ts';
import type { Fault } from './fault.ts';
import { comesTrue } from './patience.ts';
import { asProducer, submissions } from './records.ts';
import type { Stage } from './stage.ts';

export const CLAIMS = Number(process.env['FAULTS_DUE_CLAIMS'] || 100_000);
const AT_ONCE = 2_000;
/** Enough time to grant all claims before they end. */
export const DUE_AFTER_MS = 20_000 + CLAIMS / 2;
export const WITHIN_MS = 60_000 + CLAIMS * 3;

export const DUE_AT_ONCE: Fault = {
  name: 'due-at-once',
  title: `${CLAIMS.toLocaleString('en')} claims end at one instant, and the ledger is killed half way, twice`,
  inject: async (stage) => {
    const { services } = stage;
    const until = new Date(Date.now() + DUE_AFTER_MS).toISOString();
    const windows = { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: until } };
    const { voucher, partition } = await published(stage, { windows });
    await submitAll(stage, voucher, partition, 'claim');
    for (const share of [0.3, 0.6]) {
      if (!(await counts(stage, voucher, 'expired', share)))
        return [`I8: not ${share * 100} % of them had ended within ${WITHIN_MS} ms`];
      await services.kill('ledger');
      await services.restart('ledger');
    }
    return (await counts(stage, voucher, 'expired', 1)) ? [] : [`I8: not all of them had ended within ${WITHIN_MS} ms`];
  },
};

/** A published voucher, any number of which a user may claim. */
export async function published(
  stage: Stage,
  spec: Pick<VoucherSpecInput, 'windows'> & Partial<VoucherSpecInput>,
): Promise<{ voucher: Voucher; partition: number }> {
  const nodes = { claim: { perUser: null } };
  const [voucher] = await stage.publish({ name: 'all at once', resourceType: 'coupon', nodes, ...spec });
  const { partition } = (await submissions(stage)).find(({ key }) => key === voucher!.id)!;
  return { voucher: voucher!, partition };
}

/** Appends claims or joinings to the topic in page-delivery's form, since 100,000 requests would only take longer. */
export async function submitAll(
  stage: Stage,
  { id: voucherId }: Voucher,
  partition: number,
  kind: 'claim' | 'join',
): Promise<void> {
  await asProducer(stage.brokers, async (producer) => {
    for (let made = 0; made < CLAIMS; made += AT_ONCE) {
      const messages = Array.from({ length: Math.min(AT_ONCE, CLAIMS - made) }, (_, index) => {
        const [submissionId, at] = [randomUUID(), new Date().toISOString()];
        const id = uuidv7(Date.now(), partition, stage.options.seed, made + index);
        const userId = `${kind}-${made + index}`;
        const submission = { submissionId, voucherId, at, asker: 'faults', bodyHash: 'none' };
        const own = kind === 'claim' ? { claimId: id } : { entryId: id };
        const value = JSON.stringify({ kind, ...submission, ...own, userId, attributes: {} });
        const headers = { [HEADERS.type]: SUBMISSION_TYPES[kind], [HEADERS.submissionId]: submissionId };
        const { topics, signer } = stage;
        const parts = { topic: topics.submissions, key: voucherId, value };
        return { partition, key: voucherId, value, headers: signer.signed(headers, parts) };
      });
      await producer.send({ topic: stage.topics.submissions, messages });
    }
  });
}

/** Whether this counter reaches this share of the claims in time. */
export function counts(stage: Stage, { id }: Voucher, counter: keyof CounterValues, share: number): Promise<boolean> {
  const text = `SELECT (counters->>'${counter}')::float8 AS counted FROM vouchers WHERE voucher_id = '${id}'`;
  return comesTrue(WITHIN_MS, async () => {
    const [row] = await rowsOf<{ counted: number }>(stage.databaseUrl('ledger'), text);
    return row !== undefined && row.counted >= CLAIMS * share;
  });
}
