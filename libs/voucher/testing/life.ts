// The model's whole state of one voucher. Each question is answered by looking through all of it.
import type {
  ClaimState,
  CounterValues,
  Definition,
  Discount,
  EntryState,
  Facts,
  Order,
  Reason,
  RefusedKind,
  Submission,
  VoucherStatus,
} from '@vouchers/contracts';
import { later, withinHours } from './calendar.ts';
import { attributesIn, type Sight } from './conditions.ts';

export interface ModelClaim {
  id: string;
  userId: string;
  version: number;
  state: ClaimState;
  uses: number;
  heldAt: number;
  useFrom: number;
  useUntil: number;
  lock?: { orderId: string; until: number; reserved?: ModelReservation };
  /** True if it is `redeemed` because all its uses are spent, not because it ended after some of them. */
  spent: boolean;
  /** Whether its unit was retired. */
  retired: boolean;
  facts: Facts;
  /** The times at which it is still to give notice. */
  notices: number[];
  extensions: number;
}

export interface ModelMoney {
  amount: number;
  currency: string;
}

/** The use and the discount that the lock of an order call keeps. */
export interface ModelReservation {
  call: string;
  discount?: ModelMoney;
  /** The end of the lock that the order had before. */
  lockUntil?: number;
}

/** An entry on the waiting list. Entries stand in the order in which their users joined. */
export interface ModelEntry {
  id: string;
  userId: string;
  version: number;
  state: EntryState;
  rank: number;
  joinedAt: number;
  offer?: { at: number; until: number };
  endedAt?: number;
}

export interface ModelRedemption {
  id: string;
  claimId: string;
  order: Order;
  at: number;
  rolledBackAt?: number;
  discount?: Discount;
}

/** Plain JSON, because it is copied before a push that may be refused. */
export interface Life {
  id: string;
  inForce?: Definition;
  lastVersion: number;
  enabled: boolean;
  terminated: boolean;
  /** The voucher's time. Undefined before the first input that moves it. */
  time?: number;
  claims: ModelClaim[];
  redemptions: ModelRedemption[];
  entries: ModelEntry[];
  /** How many extensions were granted. */
  extended: number;
  pushed: string[];
  refusals: { kind: RefusedKind; reason: Reason }[];
}

export function claimOf(life: Life, id: string): ModelClaim {
  return life.claims.find((claim) => claim.id === id)!;
}

export function redemptionOf(life: Life, id: string): ModelRedemption {
  return life.redemptions.find((redemption) => redemption.id === id)!;
}

/** Held and locked claims by id. */
export function liveClaims(life: Life): ModelClaim[] {
  return life.claims
    .filter(({ state }) => state === 'held' || state === 'locked')
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function statusOf(life: Life): VoucherStatus {
  if (life.terminated) return 'terminated';
  const intent = life.inForce?.intent ?? 'draft';
  return intent === 'published' && life.enabled ? 'enabled' : intent;
}

export function isTerminatedWithRevoke(life: Life): boolean {
  return life.terminated && life.inForce!.spec.nodes.terminate.claims === 'revoke';
}

/** Units that are not free. */
export function unitsOut({ claims, entries }: Life): number {
  const given = claims.filter(
    ({ state, retired }) => state === 'held' || state === 'locked' || state === 'redeemed' || retired,
  );
  return given.length + entries.filter(({ state }) => state === 'offered').length;
}

/** The number of free units, or null without a claim quantity. */
export function freeUnits(life: Life): number | null {
  const quantity = life.inForce?.spec.quantities.claim ?? null;
  return quantity === null ? null : Math.max(0, quantity - unitsOut(life));
}

/** The user's entry that waits or is offered a unit. */
export function entryOf(life: Life, userId: string): ModelEntry | undefined {
  return life.entries.find((entry) => entry.userId === userId && ['waiting', 'offered'].includes(entry.state));
}

/** Whether the user has as many claims as one user may have. */
export function hasAll(life: Life, userId: string): boolean {
  const { perUser } = life.inForce!.spec.nodes.claim;
  const theirs = life.claims.filter((claim) => claim.userId === userId && claim.state !== 'released');
  return perUser !== null && theirs.length >= perUser;
}

/** All counters, counted from the claims and redemptions. */
export function countersOf(life: Life): CounterValues {
  const { claims, redemptions, entries, pushed, refusals } = life;
  const inState = (wanted: ClaimState): number => claims.filter(({ state }) => state === wanted).length;
  const refused: Record<string, Record<string, number>> = {};
  for (const { kind, reason } of refusals) {
    refused[kind] ??= {};
    refused[kind][reason] = (refused[kind][reason] ?? 0) + 1;
  }
  const reservations = claims.flatMap(({ lock }) => lock?.reserved ?? []);
  const entriesIn = (wanted: EntryState): number => entries.filter(({ state }) => state === wanted).length;
  return {
    pushed: pushed.length,
    claimed: claims.length,
    redeemed: redemptions.filter(({ rolledBackAt }) => rolledBackAt === undefined).length,
    rolledBack: redemptions.filter(({ rolledBackAt }) => rolledBackAt !== undefined).length,
    held: inState('held'),
    locked: inState('locked'),
    used: inState('redeemed'),
    expired: inState('expired'),
    released: inState('released'),
    revoked: inState('revoked'),
    retired: claims.filter(({ retired }) => retired).length,
    offered: entriesIn('offered'),
    waiting: entriesIn('waiting'),
    joined: entries.length,
    claimedFromOffer: entriesIn('claimed'),
    lapsed: entriesIn('lapsed'),
    left: entriesIn('left'),
    extended: life.extended,
    discounted: sumsOf(redemptions.filter((one) => one.rolledBackAt === undefined).map(({ discount }) => discount)),
    reserved: {
      uses: reservations.length,
      discount: sumsOf(reservations.map(({ discount }) => discount)),
    },
    free: freeUnits(life),
    refused,
  };
}

/** Sums by currency. */
function sumsOf(amounts: (ModelMoney | undefined)[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const money of amounts) if (money?.amount) sums[money.currency] = (sums[money.currency] ?? 0) + money.amount;
  return sums;
}

/** The currencies in which the voucher takes money off. None: any. */
function ownCurrencies(life: Life): string[] {
  const { benefit, quantities } = life.inForce!.spec;
  const named = benefit && 'currency' in benefit ? [benefit.currency] : [];
  return [...named, quantities.budget?.currency].filter((one) => one !== undefined);
}

export const usesOtherCurrency = (life: Life, currency: string): boolean =>
  ownCurrencies(life).some((own) => own !== currency);

/** Whether the claim is within its time of use, and the hours are open. */
export function mayUse(life: Life, claim: ModelClaim, t: number): boolean {
  const { use, timeZone } = life.inForce!.spec.windows;
  return claim.useFrom <= t && t < claim.useUntil && withinHours(t, use.hours, timeZone);
}

/** The variables that conditions of all nodes have. */
export function sightOf(life: Life, t: number): Sight {
  const { spec, version } = life.inForce!;
  const { name, resourceType, labels } = spec;
  const { reserved: _, discounted, ...counts } = countersOf(life);
  // A voucher's own currency counts from 0.
  const counters = {
    ...counts,
    discounted: { ...Object.fromEntries(ownCurrencies(life).map((own) => [own, 0])), ...discounted },
  };
  return { now: t, voucher: { id: life.id, version, name, resourceType, labels }, counters };
}

/** The user's attributes that are kept with a decision: conditions name them, or the node records them. */
export function factsAt(life: Life, submission: Submission): Facts | undefined {
  const { kind } = submission;
  const isUse = kind === 'redemption' || (kind === 'lock' && submission.orderCall !== undefined);
  if (kind !== 'claim' && kind !== 'join' && !isUse) return undefined;
  const { nodes, waitingList } = life.inForce!.spec;
  const { claim, use } = nodes;
  if (submission.kind === 'join') {
    const ranked = waitingList ? [...attributesIn(waitingList.rank), ...attributesIn(claim.when)] : [];
    return Object.fromEntries(Object.entries(submission.attributes).filter(([name]) => ranked.includes(name)));
  }
  const known = submission.attributes ?? claimOf(life, submission.claimId).facts;
  const named =
    submission.kind === 'claim'
      ? [...attributesIn(claim.when), ...attributesIn(use.when), ...(claim.record ?? [])]
      : [...attributesIn(use.when), ...(use.record ?? [])];
  return Object.fromEntries(Object.entries(known).filter(([name]) => named.includes(name)));
}

/** The time in which a claim granted at `t` may be used. It does not change later. */
export function useWindowAt(life: Life, t: number): { useFrom: number; useUntil: number } {
  const { use, valid, timeZone } = life.inForce!.spec.windows;
  if (!('afterClaim' in use)) return { useFrom: Date.parse(use.from), useUntil: Date.parse(use.to) };
  const opens = later(t, use.afterClaim.delay, timeZone);
  const closes = later(opens, use.afterClaim.length, timeZone);
  return { useFrom: Math.max(opens, Date.parse(valid.from)), useUntil: Math.min(closes, Date.parse(valid.to)) };
}

/** The most milliseconds that a time may differ from the broker's. */
const TOLERANCE_MS = 5_000;

/** The time in a record, unless it differs too much from the broker's. */
export function near(at: number, brokerTime: number): number {
  return Math.abs(at - brokerTime) > TOLERANCE_MS ? brokerTime : at;
}

/** Half-open: `from ≤ t < to`. */
export function within(range: { from: string; to: string }, t: number): boolean {
  return Date.parse(range.from) <= t && t < Date.parse(range.to);
}
