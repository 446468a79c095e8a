// Finds the record that makes its batch fail, as pure functions. A batch that fails is delivered again in halves, until
// a record fails alone. If it fails alone again while other records can be handled, it is set aside: it is delivered
// alone and marked, and the consumer handles it as unreadable. A failure by the infrastructure never sets a record aside.
import type { FailureCause } from './failure-cause.ts';
import type { Aside } from './record.ts';

/** The state of a partition after failures. */
export interface Isolation {
  /** Records before this offset failed, or were in a batch that failed. */
  readonly until: bigint;
  /** The most of these records that are delivered at once. */
  readonly most: number;
  readonly alone?: Alone;
  readonly aside?: { readonly offset: bigint; readonly aside: Aside };
}

/** A record that failed alone. */
interface Alone {
  readonly offset: bigint;
  /** Counts failures whose cause may be the record. */
  readonly failures: number;
  /** The first of its failures in a row while others went on. Unix milliseconds. */
  readonly since: number;
  readonly reason: string;
}

export interface Failure {
  /** The offset of the first record, and the offset after the last one. */
  readonly first: bigint;
  readonly next: bigint;
  readonly records: number;
  readonly cause: FailureCause;
  readonly reason: string;
  /** True if other records were handled meanwhile, or the consumer's probe succeeded. */
  readonly othersGoOn: boolean;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A record that fails alone for this long makes its consumer not ready. */
export const STUCK_MS = 60_000;
/** How often a marked record is delivered again without a pause. */
const HASTY_ATTEMPTS = 3;

export const CLEAR: Isolation = { until: 0n, most: Infinity };

/** Decides how the records from that offset on are delivered, and how many at once. */
export function delivery(isolation: Isolation, first: bigint): { most: number; suspect: boolean; aside?: Aside } {
  if (isolation.aside?.offset === first) return { most: 1, suspect: true, aside: isolation.aside.aside };
  const suspect = first < isolation.until;
  return { most: suspect ? isolation.most : Infinity, suspect };
}

/** The state after a batch was handled up to `next`. The following batches may be larger. */
export function handled(isolation: Isolation, next: bigint): Isolation {
  if (next >= isolation.until) return CLEAR;
  const { until, most, alone, aside } = isolation;
  return {
    until,
    most: most * 2,
    ...(alone && alone.offset >= next && { alone }),
    ...(aside && aside.offset >= next && { aside }),
  };
}

/** The state after a batch failed. `wait`: the next attempt must wait, since it would only fail again. */
export function failed(isolation: Isolation, failure: Failure): { isolation: Isolation; wait: boolean } {
  const { first, next, records, cause, othersGoOn } = failure;
  const until = next > isolation.until ? next : isolation.until;
  const wait = cause === 'infrastructure';
  // Nothing works at present, so this failure says nothing about the records. They are only handled with care, so that
  // the next failure is known before anything counts as handled.
  if (wait && !othersGoOn) {
    const { most, aside } = isolation;
    return { isolation: { until, most, ...(aside && { aside }) }, wait };
  }
  if (records > 1) return { isolation: { until, most: Math.floor(records / 2) }, wait };
  const alone = aloneAfter(isolation.alone, failure);
  const before = isolation.aside?.offset === first ? isolation.aside.aside : undefined;
  const isOwn = cause === 'record';
  if (before) {
    const aside = { ...before, attempt: before.attempt + (isOwn ? 1 : 0) };
    const hasty = isOwn && aside.attempt <= HASTY_ATTEMPTS;
    return { isolation: { until, most: 1, alone, aside: { offset: first, aside } }, wait: !hasty };
  }
  if (isOwn && alone.failures >= 2 && othersGoOn) return setAside({ until, most: 1, alone }, first, failure.reason);
  return { isolation: { until, most: 1, alone }, wait: wait || alone.failures >= 2 };
}

/** Sets the record aside, by its failures or by an operator's order. */
export function setAside(
  { until, alone }: Isolation,
  offset: bigint,
  reason: string,
): { isolation: Isolation; wait: boolean } {
  const aside = { offset, aside: { reason, attempt: 1 } };
  return { isolation: { until, most: 1, ...(alone && { alone }), aside }, wait: false };
}

/** The record that has failed alone for too long; undefined if there is none. */
export function stuckIn(
  { alone }: Isolation,
  now: number,
): { offset: bigint; reason: string; since: number } | undefined {
  if (!alone || now - alone.since < STUCK_MS) return undefined;
  const { offset, reason, since } = alone;
  return { offset, reason, since };
}

function aloneAfter(before: Alone | undefined, { first, cause, reason, at }: Failure): Alone {
  const known = before?.offset === first ? before : undefined;
  const failures = (known?.failures ?? 0) + (cause === 'record' ? 1 : 0);
  return { offset: first, failures, since: known?.since ?? at, reason };
}
