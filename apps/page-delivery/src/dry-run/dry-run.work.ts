// A dry run in the judging thread. It parses and checks a body of up to megabytes, and judges its cases one by one.
import type { Definition } from '@vouchers/contracts';
import { parseJson, tooCostly, type Job } from '@vouchers/service/thread';
import { checkDryRun, dryRunBody, type DryRunBody } from './dry-run.body.ts';
import { asPublished, costOf, decided, unsaved, type DryDecision, type DryRunVoucher } from './dry-run.judged.ts';

export interface DryRun {
  /** The unparsed body. */
  bytes: Uint8Array;
  costLimit: number;
  /** A sentence that names a cheaper request. */
  advice: string;
  caller: { team: string; sub: string };
}

/** A question for the main thread about the voucher that the body names. The answer is a `DryRunVoucher`. */
export interface VoucherQuery {
  voucherId: string;
  userIds: string[];
  goods: boolean;
}

export async function dryRun(
  { bytes, costLimit, advice, caller }: DryRun,
  job: Job,
): Promise<{ items: DryDecision[] }> {
  const body = dryRunBody.transform(bytes.length === 0 ? undefined : parseJson(Buffer.from(bytes)));
  checkDryRun(body);
  const { spec, cases } = body;
  await job.giveWay();
  const named = await namedVoucher(body, job);
  const definition = spec && unsaved(spec, caller);
  const cost = cases.reduce((sum, one) => sum + costOf(definition ?? named!.definition, one), 0);
  if (cost > costLimit) throw tooCostly(cost, costLimit, advice);
  const voucher = definition ? asPublished(definition, named?.voucher) : named!.voucher;
  const goods = definition ? goodsOf(definition) : named!;
  const items: DryDecision[] = [];
  for (const one of cases) {
    items.push(decided(voucher, one, named?.claims.get(one.user?.id ?? '') ?? 0, goods));
    await job.giveWay();
  }
  return { items };
}

/** The goods of an unsaved spec. */
function goodsOf({ spec }: Definition): Pick<DryRunVoucher, 'goods' | 'reached'> {
  const skus = new Set(spec.goods.map(({ sku }) => sku));
  return { goods: { version: 1, skus }, ...(skus.size > 0 && { reached: skus }) };
}

async function namedVoucher({ voucherId, spec, cases }: DryRunBody, job: Job): Promise<DryRunVoucher | undefined> {
  if (voucherId === undefined) return undefined;
  const userIds = [...new Set(cases.map(({ user }) => user?.id ?? ''))];
  const goods = !spec && cases.some(({ order }) => order);
  return (await job.ask({ voucherId, userIds, goods } satisfies VoucherQuery)) as DryRunVoucher;
}
