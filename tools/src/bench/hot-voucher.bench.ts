// P1: a backlog of one hot voucher's claims is decided, written, projected and published, against one transaction per
// claim. P7: the projections are rebuilt from those events, against P1.
import { takeClaims } from './baselines/transaction-per-claim.ts';
import type { Bench, Figure, Sizes } from './bench.ts';
import { backlogOf } from './ledger/backlog.ts';
import { beginAnew, drain, type Drained } from './ledger/drain.ts';
import { rebuild } from './ledger/rebuild.ts';
import { cpuShares, megabytes } from './process.meter.ts';
import { alternate, ratios, shown, shownSpread, spread } from './samples.ts';
import type { Stage } from './stage.ts';

/** Enough for a steady figure at about 2,000 claims per second. */
const BASELINE_CLAIMS = 8_000;

export const hotVoucher: Bench = {
  ids: ['P1', 'P7'],
  async run(stage, sizes, asked) {
    const namespace = stage.namespace('hot');
    const voucherIds = await backlogOf(stage, namespace, sizes);
    const bare = await stage.createDatabase(namespace, 'bare');
    const work = { namespace, voucherIds, granted: sizes.claims };

    const seen = await alternate(sizes.rounds, {
      transaction: () => takeClaims(bare, 'transaction', Math.min(BASELINE_CLAIMS, sizes.claims / 10)),
      statement: () => takeClaims(bare, 'statement', Math.min(BASELINE_CLAIMS * 2, sizes.claims / 10)),
      ledger: async (round) => {
        stage.say(`P1 round ${round + 1}`);
        // The same records again. The ledger begins where its cursor says, not where Kafka's group stands.
        await beginAnew(stage, namespace);
        return drain(stage, work);
      },
      rebuilt: async () => (asked.has('P7') ? rebuild(stage, namespace) : 0),
    });
    const perSecond = seen.ledger.map((drained) => drained.perSecond);
    const p1 = figureOfP1(perSecond, seen, sizes);
    if (!asked.has('P7')) return [p1];
    return asked.has('P1')
      ? [p1, figureOfP7(perSecond, seen.rebuilt, sizes)]
      : [figureOfP7(perSecond, seen.rebuilt, sizes)];
  },
  versus: {
    P1: {
      what: ({ claims }) => `ledger: ${shown(claims)} claims of one hot voucher from Kafka`,
      unit: 'claims/s',
      open: async ({ ours, theirs }, sizes) => {
        const namespace = theirs.namespace('hot');
        const voucherIds = await backlogOf(theirs, namespace, sizes);
        const drainBy = (stage: Stage) => async (): Promise<number> => {
          await beginAnew(stage, namespace);
          return (await drain(stage, { namespace, voucherIds, granted: sizes.claims })).perSecond;
        };
        return { ours: drainBy(ours), theirs: drainBy(theirs) };
      },
    },
  },
};

function figureOfP1(
  perSecond: number[],
  { transaction, statement, ledger }: { transaction: number[]; statement: number[]; ledger: Drained[] },
  { claims }: Sizes,
): Figure {
  const records = ledger.reduce((sum, drained) => sum + drained.records, 0);
  const peak = Math.max(...ledger.map(({ peakBytes }) => peakBytes));
  const best = shown(spread(ratios(perSecond, statement)).median);
  return {
    id: 'P1',
    what: `ledger: ${shown(claims)} claims of one hot voucher from Kafka, decided, written, projected, published ÷ one transaction per claim (raw pg, 8 connections)`,
    values: ratios(perSecond, transaction),
    goal: { sense: 'at least', target: 12, stretch: 20 },
    ours: `${shownSpread(perSecond)}/s`,
    baseline: `${shownSpread(transaction)}/s; as one statement, its best form, ${shownSpread(statement)}/s (${best} × of it)`,
    seen: [
      cpuShares(
        ledger.map(({ cpu }) => cpu),
        records,
        'claim',
      ),
      `ledger at most ${megabytes(peak)} resident`,
    ]
      .filter(Boolean)
      .join('; '),
  };
}

const figureOfP7 = (perSecond: number[], rebuilt: number[], { claims }: Sizes): Figure => ({
  id: 'P7',
  what: `all projections of ${shown(claims)} claims made again from the events, equal to the live ones ÷ P1's claims a second`,
  values: ratios(rebuilt, perSecond),
  goal: { sense: 'at least', target: 3, stretch: 6 },
  ours: `${shownSpread(rebuilt)} events/s`,
  baseline: `${shownSpread(perSecond)}/s`,
});
