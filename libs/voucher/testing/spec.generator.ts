// Random specs with small quantities, short windows and all policies, so that histories often reach boundaries.
import type { Hours, Quantities, UseWindow, VoucherSpec } from '@vouchers/contracts';
import { randomCheckout } from './checkout.generator.ts';
import type { Random } from './random.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Zones, each with an instant at which its clocks change. */
export const CHANGES: readonly [timeZone: string, at: string][] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Asia/Shanghai', '2026-11-01T00:00:00Z'],
  ['UTC', '2026-11-01T00:00:00Z'],
];

const DELAYS = [
  'PT0S',
  'PT0S',
  'PT0S',
  'PT0S',
  'PT0S',
  'PT0S',
  'PT1H',
  'PT90M',
  'P1D',
  'P1DT2H',
  'PT24H',
  'PT0.5S',
  'P2D',
];
const LENGTHS = ['PT1H', 'PT12H', 'PT24H', 'P1D', 'P2D', 'P1W', 'P1M', 'P1DT30M', 'P3DT0.001S', 'P1Y2M10D', 'PT1M'];

/** A condition that compares `now` with a moment within the history. */
const timed = (random: Random, moment: () => string): string =>
  `now ${random.oneOf(['>=', '>=', '<'])} timestamp("${moment()}")`;
const number = (random: Random, most: number): string => `${random.oneOf(['>=', '>', '<'])} ${random.between(0, most)}`;

function alone(random: Random, node: 'enable' | 'claim' | 'use' | 'terminate', moment: () => string): string {
  const anywhere = (): string =>
    random.oneOf([
      () => timed(random, moment),
      () =>
        `counters.${random.oneOf(['pushed', 'claimed', 'redeemed', 'rolledBack', 'held', 'locked', 'used'])} ${number(random, 3)}`,
      () =>
        `counters.${random.oneOf(['expired', 'released', 'revoked', 'retired', 'offered', 'waiting', 'lapsed', 'free'])} ${number(random, 3)}`,
      () => `voucher.version ${number(random, 3)}`,
      () => `counters.discounted.${random.oneOf(['EUR', 'CNY'])} ${number(random, 60)}`,
      () => `voucher.labels.campaign ${random.oneOf(['==', '!='])} '26'`,
    ])();
  const ofUser = (): string =>
    random.oneOf([
      "user.tier in ['gold', 'vip']",
      "!(user.tier in ['vip'])",
      "user.tier != 'gold'",
      "user.tier == 'gold'",
      'user.score >= 3',
      'user.score >= 2.5',
      'user.score < 3',
      'has(user.score)',
      'user.staff',
      "user.id == 'user-1'",
      "user.id != 'user-0'",
    ]);
  switch (node) {
    case 'enable':
    case 'terminate':
      return anywhere();
    case 'claim':
      return random.oneOf([anywhere, ofUser, ofUser, () => "page.slug == 'home'"])();
    case 'use': {
      const ofOrder = (): string =>
        random.oneOf([
          `order.amount >= ${random.oneOf([0, 100, 101])}`,
          "order.currency == 'EUR'",
          'order.matchesGoods',
          "order.items.exists(i, i.sku == 'A-1')",
          `claim.uses ${number(random, 2)}`,
          'now - claim.heldAt >= duration("3600s")',
        ]);
      return random.oneOf([anywhere, ofUser, ofOrder, ofOrder])();
    }
  }
}

function when(random: Random, node: 'enable' | 'claim' | 'use' | 'terminate', moment: () => string): string {
  const usual = node === 'terminate' ? 'false' : 'true';
  if (random.chance({ enable: 0.75, claim: 0.7, use: 0.5, terminate: 0.6 }[node])) return usual;
  // Mostly a condition that becomes true during a history.
  if (node === 'terminate' && random.chance(0.8)) {
    return `counters.${random.oneOf(['pushed', 'claimed', 'redeemed', 'rolledBack', 'expired', 'used', 'joined', 'offered', 'left'])} >= ${random.between(2, 5)}`;
  }
  const parts = [alone(random, node, moment)];
  if (random.chance(0.3)) parts.push(alone(random, node, moment));
  return parts.join(random.oneOf([' && ', ' || ', ' || ']));
}

function hours(random: Random): Hours[] | undefined {
  if (random.chance(0.75)) return undefined;
  const clocks = ['00:00', '01:30', '02:00', '02:15', '02:30', '03:00', '09:00', '10:00', '22:00', '23:59'];
  const entry = (): Hours => {
    const days = (['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const).filter(() => random.chance(0.8));
    const from = random.oneOf(clocks);
    const to = random.oneOf([...clocks, '24:00', '24:00'].filter((clock) => clock !== from));
    return { days: days.length > 0 ? days : ['SU'], from, to };
  };
  return random.chance(0.3) ? [entry(), entry()] : [entry()];
}

function quantities(random: Random, perClaim: number | null): Quantities {
  const claim = random.chance(0.8) ? random.oneOf([1, 1, 2, 2, 3, 4, 6]) : null;
  const push = random.chance(0.4) ? (claim ?? 0) + random.between(claim ? 0 : 1, 2) : null;
  const most = claim === null || perClaim === null ? 6 : Math.min(6, claim * perClaim);
  return { claim, push, redeem: random.chance(0.4) ? random.between(1, most) : null };
}

/** A part of the range, often with one of its ends. */
function part(random: Random, from: number, to: number): { from: string; to: string } {
  const steps = 8;
  const first = random.chance(0.75) ? 0 : random.between(0, steps - 2);
  const last = random.chance(0.75) ? steps : random.between(first + 1, steps);
  const at = (step: number): string => new Date(from + Math.round(((to - from) * step) / steps)).toISOString();
  return { from: at(first), to: at(last) };
}

/** The attributes that are kept even if no condition names them. Specs of release 0.1.0 do not have this list. */
function record(random: Random): { record?: string[] } {
  if (random.chance(0.2)) return {};
  return { record: ['tier', 'score', 'staff', 'city'].filter(() => random.chance(0.25)) };
}

const RANKS = [
  '0',
  '0',
  "user.tier == 'vip' ? 2 : 1",
  "user.tier in ['gold', 'vip'] ? 5000 : -7",
  'user.score',
  'user.staff',
  'counters.waiting',
  'counters.joined >= 2 ? -2000 : 3',
];

/** A waiting list if there is a claim quantity, and notices and an extension. */
function pool(random: Random, { claim }: Quantities): Pick<VoucherSpec, 'waitingList' | 'notices' | 'extension'> {
  const waitingList = {
    limit: random.oneOf([1, 2, 4, null, null]),
    rank: random.oneOf(RANKS),
    offerFor: random.oneOf(['PT1H', 'PT5M', 'PT24H', 'P1D', 'P2D']),
    minUse: random.oneOf(['PT0S', 'PT0S', 'PT1H', 'P1D', 'PT24H']),
  };
  const lengths = ['PT1H', 'PT2H', 'P1D', 'PT24H', 'P3D', 'P1DT30M', 'P1W'];
  return {
    ...(claim !== null && random.chance(0.75) && { waitingList }),
    ...(random.chance(0.5) && { notices: lengths.filter(() => random.chance(0.3)).slice(0, 5) }),
    ...(random.chance(0.5) && { extension: { length: random.oneOf(lengths), times: random.between(1, 2) } }),
  };
}

/** A complete, valid spec whose windows are near the time `around`. */
export function randomSpec(
  random: Random,
  frame: { timeZone: string; clock: VoucherSpec['clock']; around: number },
): VoucherSpec {
  const from = frame.around + random.oneOf([-4, -3, -3, -2, -2, -1]) * DAY_MS + random.between(-4, 4) * HOUR_MS;
  const to = from + random.oneOf([2, 4, 6, 10, 60]) * DAY_MS + random.between(0, 12) * HOUR_MS;
  const moment = (): string => new Date(frame.around + random.between(-48, 72) * (HOUR_MS / 2)).toISOString();
  const perClaim = random.oneOf([1, 1, 2, 3, null]);
  const ofUse = hours(random);
  const use: UseWindow = random.chance(0.6)
    ? { afterClaim: { delay: random.oneOf(DELAYS), length: random.oneOf(LENGTHS) } }
    : part(random, from, to);
  const ofClaim = hours(random);
  const { budget, ...checkout } = randomCheckout(random);
  const amounts = { ...quantities(random, perClaim), ...(budget && { budget }) };
  return {
    name: 'Voucher',
    description: '',
    resourceType: 'coupon',
    quantities: amounts,
    windows: {
      timeZone: frame.timeZone,
      valid: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
      claim: { ...part(random, from, to), ...(ofClaim && { hours: ofClaim }) },
      use: { ...use, ...(ofUse && { hours: ofUse }) },
    },
    goods: [],
    operations: {},
    nodes: {
      enable: { when: when(random, 'enable', moment) },
      claim: { when: when(random, 'claim', moment), perUser: random.oneOf([1, 2, 3, null, null]), ...record(random) },
      use: { when: when(random, 'use', moment), perClaim, ...record(random) },
      terminate: { when: when(random, 'terminate', moment), claims: random.oneOf(['honour', 'revoke']) },
    },
    pool: {
      expired: random.oneOf(['return', 'retire']),
      released: random.oneOf(['return', 'retire']),
      revoked: random.oneOf(['return', 'retire']),
      rolledBack: random.oneOf(['hold', 'hold', 'return', 'retire']),
    },
    labels: random.chance(0.5) ? { campaign: random.oneOf(['26', '27']) } : {},
    clock: frame.clock,
    ...pool(random, amounts),
    ...checkout,
  };
}
