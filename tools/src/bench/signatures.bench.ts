// P1's work with signed records and a ledger that requires signatures, against the same without.
import { randomBytes } from 'node:crypto';
import { Signer } from '@vouchers/contracts/signatures';
import type { Bench } from './bench.ts';
import { backlogOf } from './ledger/backlog.ts';
import { beginAnew, drain } from './ledger/drain.ts';
import { cpuShares } from './process.meter.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';

export const signatures: Bench = {
  ids: ['signatures'],
  async run(stage, sizes) {
    const secret = randomBytes(32);
    const required = { SUBMISSION_SIGNATURES: 'require', SUBMISSION_KEYS: `bench:${secret.toString('base64')}` };
    const open = async (name: string, environment: Record<string, string>, signer?: Signer) => {
      const namespace = stage.namespace(name);
      const voucherIds = await backlogOf(stage, namespace, sizes, signer);
      return async () => {
        await beginAnew(stage, namespace);
        return drain(stage, { namespace, voucherIds, granted: sizes.claims, environment });
      };
    };
    const seen = await alternate(sizes.rounds, {
      plain: await open('plain', {}),
      signed: await open('signed', required, new Signer([{ id: 'bench', secret }])),
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
};
