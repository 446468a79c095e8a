// P6: decides a backlog with millions of claims in the tables, compared with empty tables.
import type { Bench, Figure, Sizes } from './bench.ts';
import { fill } from './kafka.records.ts';
import { drain, emptyTables, type Drained } from './ledger/drain.ts';
import { addEarlierClaims } from './ledger/earlier-claims.ts';
import { megabytes } from './process.meter.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';
import { publishVouchers } from './vouchers.ts';

/** The share of P1's backlog per case and round, since there are three cases. */
const SHARE = 0.3;

export const fullTables: Bench = {
  ids: ['P6'],
  async run(stage, sizes) {
    const { rounds, earlier } = sizes;
    const claims = Math.round(sizes.claims * SHARE);
    const [empty, full] = [stage.namespace('empty'), stage.namespace('full')];
    const [only] = await vouchersIn(stage, empty, 1);
    await fill(stage.infrastructure.brokers, { namespace: empty, voucherIds: [only!], claims }, stage.say);
    const [giant, ...fresh] = await vouchersIn(stage, full, 1 + rounds);
    await fillTables(stage, full, giant!, earlier);

    /** Has Postgres do now what it would do for the written rows during the next case. Each case is followed by it. */
    const settled = async (namespace: string, drained: Drained): Promise<Drained> => {
      const database = await stage.database(namespace, 'ledger');
      await database.query('VACUUM ANALYZE').finally(() => database.end());
      return drained;
    };
    /** Puts claims of users that no earlier round had into Kafka, and lets the ledger decide them. */
    const workOff = async (voucherId: string, firstUser: number, granted: number): Promise<Drained> => {
      await fill(
        stage.infrastructure.brokers,
        { namespace: full, voucherIds: [voucherId], claims, firstUser },
        stage.say,
      );
      return settled(full, await drain(stage, { namespace: full, voucherIds: [voucherId], granted }));
    };
    const seen = await alternate(rounds, {
      empty: async () => {
        await emptyTables(stage, empty);
        return settled(empty, await drain(stage, { namespace: empty, voucherIds: [only!], granted: claims }));
      },
      fresh: (round) => workOff(fresh[round]!, 1, claims),
      giant: (round) => workOff(giant!, 1 + round * claims, 1 + earlier + (round + 1) * claims),
    });
    return figures(seen, claims, sizes);
  },
};

async function vouchersIn(stage: Stage, namespace: string, count: number): Promise<string[]> {
  const config = await stage.services(namespace, ['config']);
  const ids = await publishVouchers(stage, config.urls.config, count);
  await config.stop();
  return ids;
}

/** Lets the ledger decide one claim. The others are copies of it. */
async function fillTables(stage: Stage, namespace: string, voucherId: string, earlier: number): Promise<void> {
  await fill(stage.infrastructure.brokers, { namespace, voucherIds: [voucherId], claims: 1 }, stage.say);
  await drain(stage, { namespace, voucherIds: [voucherId], granted: 1 });
  const [one, other] = [await stage.database(namespace, 'ledger'), await stage.database(namespace, 'ledger')];
  try {
    await addEarlierClaims([one, other], voucherId, earlier, stage.say);
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

function figures(
  { empty, fresh, giant }: Record<'empty' | 'fresh' | 'giant', Drained[]>,
  claims: number,
  { earlier }: Sizes,
): Figure[] {
  const perSecond = (drained: readonly Drained[]): number[] => drained.map((each) => each.perSecond);
  const peak = (drained: readonly Drained[]): string =>
    megabytes(Math.max(...drained.map(({ peakBytes }) => peakBytes)));
  const figure = (id: string, which: string, drained: readonly Drained[], target: number, stretch: number): Figure => ({
    id,
    what: `${shown(claims)} claims of ${which} with ${shown(earlier)} claims in the tables ÷ empty tables`,
    values: ratios(perSecond(drained), perSecond(empty)),
    goal: { sense: 'at least', target, stretch },
    ours: `${shownSpread(perSecond(drained))}/s`,
    baseline: `${shownSpread(perSecond(empty))}/s`,
    seen: `ledger at most ${peak(drained)} resident, on empty tables ${peak(empty)}`,
  });
  return [
    figure('P6 new', 'a new voucher', fresh, 0.95, 1),
    figure('P6 giant', 'the giant voucher whose they are', giant, 0.85, 0.95),
  ];
}
