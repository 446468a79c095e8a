// How the ledger scales: many hot vouchers, several processes that share the partitions, a rule with ten conditions.
import type { VoucherSpecInput } from '@vouchers/contracts';
import type { Bench, Figure } from './bench.ts';
import { fill, type Backlog } from './kafka.records.ts';
import { beginAnew, drain, type Drained } from './ledger/drain.ts';
import { cpuShares } from './process.meter.ts';
import { alternate, ratios, shown, shownSpread } from './samples.ts';
import type { Stage } from './stage.ts';
import { publishVouchers } from './vouchers.ts';

/** The share of P1's backlog per case, since there are five cases. */
const SHARE = 0.2;
const VOUCHERS = 1_000;
const RULE = [
  'user.tier in ["gold", "vip"]',
  'user.age >= 18',
  'user.country == "DE"',
  'user.city != "nowhere"',
  'user.orders > 3',
  'user.spent >= 10000',
  'user.newsletter',
  '!(user.segment in ["blocked", "trial"])',
  'counters.claimed < 90000000',
  'voucher.labels.campaign == "bench"',
];
const ATTRIBUTES = {
  tier: 'gold',
  age: 34,
  country: 'DE',
  city: 'Berlin',
  orders: 12,
  spent: 45_000,
  newsletter: true,
  segment: 'regular',
};

/** A backlog in Kafka, for one of the cases. */
type Prepared = Backlog & { readonly namespace: string };

export const growth: Bench = {
  ids: ['vouchers', 'processes', 'conditions'],
  async run(stage, sizes, asked) {
    const claims = Math.round(sizes.claims * SHARE);
    const single = await prepare(stage, 'single', { claims });
    const many = await prepare(stage, 'many', { claims, vouchers: VOUCHERS });
    const ruled = await prepare(stage, 'ruled', { claims, rule: RULE.join(' && ') });
    const no = async (): Promise<undefined> => undefined;
    const seen = await alternate(sizes.rounds, {
      single: () => workOff(stage, single),
      many: () => workOff(stage, many),
      two: asked.has('processes') ? () => workOff(stage, many, 2) : no,
      four: asked.has('processes') ? () => workOff(stage, many, 4) : no,
      ruled: asked.has('conditions') ? () => workOff(stage, ruled) : no,
    });
    const figures: Figure[] = [
      figure('vouchers', `${shown(claims)} claims of ${shown(VOUCHERS)} hot vouchers ÷ of one`, seen.many, seen.single),
    ];
    const processes = (count: number): string =>
      `${shown(claims)} claims of ${shown(VOUCHERS)} hot vouchers by ${count} ledger processes over 12 partitions, on the same cores ÷ by one process`;
    if (asked.has('processes')) {
      figures.push(figure('processes 2', processes(2), done(seen.two), seen.many));
      figures.push(figure('processes 4', processes(4), done(seen.four), seen.many));
    }
    if (asked.has('conditions'))
      figures.push(
        figure(
          'conditions',
          `${shown(claims)} claims under a rule with ${RULE.length} conditions ÷ under none`,
          done(seen.ruled),
          seen.single,
        ),
      );
    return figures.filter(({ id }) => asked.has(id.split(' ')[0]!));
  },
};

async function prepare(
  stage: Stage,
  name: string,
  { claims, vouchers = 1, rule }: { claims: number; vouchers?: number; rule?: string },
): Promise<Prepared> {
  const namespace = stage.namespace(name);
  const config = await stage.services(namespace, ['config']);
  const spec: Partial<VoucherSpecInput> = rule === undefined ? {} : { nodes: { claim: { when: rule } } };
  const voucherIds = await publishVouchers(stage, config.urls.config, vouchers, spec);
  await config.stop();
  const backlog = { namespace, voucherIds, claims, attributes: ATTRIBUTES };
  await fill(stage.infrastructure.brokers, backlog, stage.say);
  return backlog;
}

async function workOff(stage: Stage, { namespace, voucherIds, claims }: Prepared, processes = 1): Promise<Drained> {
  await beginAnew(stage, namespace);
  return drain(stage, { namespace, voucherIds, granted: claims, processes });
}

function figure(id: string, what: string, ours: readonly Drained[], baseline: readonly Drained[]): Figure {
  const perSecond = (drained: readonly Drained[]): number[] => drained.map((each) => each.perSecond);
  const records = ours.reduce((sum, drained) => sum + drained.records, 0);
  return {
    id,
    what,
    values: ratios(perSecond(ours), perSecond(baseline)),
    ours: `${shownSpread(perSecond(ours))}/s`,
    baseline: `${shownSpread(perSecond(baseline))}/s`,
    seen: cpuShares(
      ours.map(({ cpu }) => cpu),
      records,
      'claim of all',
    ),
  };
}

const done = (drained: readonly (Drained | undefined)[]): Drained[] => drained.filter((each) => each !== undefined);
