// A dry run, in the thread that judges: parses, checks and judges bodies of megabytes, one case after the other.
import { parseJson, tooCostly, type Job } from '@vouchers/service/thread';
import { checkDryRun, dryRunBody, type DryRunBody } from './dry-run.body.ts';
import { asPublished, costOf, decided, unsaved, type DryDecision, type Known } from './dry-run.judged.ts';

export interface DryRun {
  /** The body as it came. */
  bytes: Uint8Array;
  costLimit: number;
  /** A sentence that says what would cost less. */
  advice: string;
  caller: { team: string; sub: string };
}

/** A question for the main thread about the voucher that the body names. The answer is `Known`. */
export interface Wanted {
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
  const known = await knownOf(body, job);
  const definition = spec && unsaved(spec, caller);
  const cost = cases.reduce((sum, one) => sum + costOf(definition ?? known!.definition, one), 0);
  if (cost > costLimit) throw tooCostly(cost, costLimit, advice);
  const voucher = definition ? asPublished(definition, known?.voucher) : known!.voucher;
  const goods = definition ? { version: 1, skus: new Set(spec?.goods?.map(({ sku }) => sku)) } : known!.goods;
  const items: DryDecision[] = [];
  for (const one of cases) {
    items.push(decided(voucher, one, known?.claims.get(one.user?.id ?? '') ?? 0, goods));
    await job.giveWay();
  }
  return { items };
}

async function knownOf({ voucherId, spec, cases }: DryRunBody, job: Job): Promise<Known | undefined> {
  if (voucherId === undefined) return undefined;
  const userIds = [...new Set(cases.map(({ user }) => user?.id ?? ''))];
  const goods = !spec && cases.some(({ order }) => order);
  return (await job.ask({ voucherId, userIds, goods } satisfies Wanted)) as Known;
}
