// P1's work with signed records and a ledger that requires signatures, against the same without.
import { randomBytes } from 'node:crypto';
import { Signer } from '@vouchers/contracts/signatures';
import type { Bench, Sizes } from './bench.ts';
import { backlogOf } from './ledger/backlog.ts';
import { beginAnew, drain, type Drained } from './ledger/drain.ts';
import { cpuShares } from './process.meter.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';

/** Prepares signed claims, and ledgers that require signatures. The first stage makes the data, the other decides. */
async function openSigned(making: Stage, deciding: Stage, sizes: Sizes): Promise<() => Promise<Drained>> {
  const secret = randomBytes(32);
  const environment = { SUBMISSION_SIGNATURES: 'require', SUBMISSION_KEYS: `bench:${secret.toString('base64')}` };
  return open(making, deciding, sizes, { environment, signer: new Signer([{ id: 'bench', secret }]) });
}

async function open(
  making: Stage,
  deciding: Stage,
  sizes: Sizes,
  { environment, signer }: { environment: Record<string, string>; signer?: Signer } = { environment: {} },
): Promise<() => Promise<Drained>> {
  const namespace = making.namespace(signer ? 'signed' : 'plain');
  const voucherIds = await backlogOf(making, namespace, sizes, signer);
  return async () => {
    await beginAnew(deciding, namespace);
    return drain(deciding, { namespace, voucherIds, granted: sizes.claims, environment });
  };
}

export const signatures: Bench = {
  ids: ['signatures'],
  async run(stage, sizes) {
    const seen = await alternate(sizes.rounds, {
      plain: await open(stage, stage, sizes),
      signed: await openSigned(stage, stage, sizes),
    });
    const [plain, signed] = [seen.plain, seen.signed].map((all) => all.map(({ perSecond }) => perSecond));
    return [
      {
        id: 'signatures',
        what: `P1 with signatures ÷ without: ${shown(sizes.claims)} claims of one hot voucher`,
        values: ratios(signed!, plain!),
        goal: { sense: 'at least', target: 0.9, stretch: 0.95 },
        ours: `${shownSpread(signed!)}/s`,
        baseline: `${shownSpread(plain!)}/s`,
        seen: cpuShares(
          seen.signed.map(({ cpu }) => cpu),
          seen.signed.reduce((sum, { records }) => sum + records, 0),
          'claim',
        ),
      },
    ];
  },
  versus: {
    signatures: {
      what: ({ claims }) =>
        `ledger: ${shown(claims)} signed claims of one hot voucher; the other build has them unsigned`,
      unit: 'claims/s',
      open: async ({ ours, theirs }, sizes) => {
        const [signed, plain] = [await openSigned(theirs, ours, sizes), await open(theirs, theirs, sizes)];
        return { ours: async () => (await signed()).perSecond, theirs: async () => (await plain()).perSecond };
      },
    },
  },
};
