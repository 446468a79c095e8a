import { SUBMISSION_TYPES, type SubmissionKind } from '../topics.ts';
import { COUNT, ID, mapOf, named, partial, record, TIME, type Schema, type TypeOf } from './schema.ts';

const BY_REASON = named('CountsByReason', mapOf(COUNT));
const REFUSALS = partial(
  record(
    Object.fromEntries(Object.keys(SUBMISSION_TYPES).map((kind) => [kind, BY_REASON])) as {
      [K in SubmissionKind]: Schema<Record<string, number>>;
    },
  ),
);
/** Refusals by kind of submission and reason. Past counters have no `push`, because a refused push is no event. */
export type Refusals = TypeOf<typeof REFUSALS>;

const AMOUNTS = named('AmountsByCurrency', mapOf(COUNT), 'minor units by currency; an amount of 0 is left out');
export type Amounts = TypeOf<typeof AMOUNTS>;
const RESERVED = named(
  'ReservedCounts',
  record({ uses: COUNT, discount: AMOUNTS }),
  'by the locks of order calls: they count against redeem quantity and budget',
);

export const FREE: Schema<number | null> = { type: ['integer', 'null'], description: 'null: no claim quantity' };

/** The patent's three counts, and the counts of units by place. semantics.md defines each. */
const VALUES = {
  pushed: COUNT,
  claimed: COUNT,
  /** Uses without those that were rolled back. */
  redeemed: COUNT,
  rolledBack: COUNT,
  held: COUNT,
  locked: COUNT,
  /** Claims in state `redeemed`. */
  used: COUNT,
  expired: COUNT,
  released: COUNT,
  revoked: COUNT,
  /** Units that will not return to the pool. */
  retired: COUNT,
  /** Units that are set aside for users who waited. */
  offered: COUNT,
  /** Null without a claim quantity. */
  free: FREE,
  /** Entries that wait now. The next five are counted for ever. */
  waiting: COUNT,
  joined: COUNT,
  claimedFromOffer: COUNT,
  lapsed: COUNT,
  left: COUNT,
  extended: COUNT,
  /** The money that redemptions took off, less what was rolled back. */
  discounted: AMOUNTS,
  reserved: RESERVED,
  refused: named('Refusals', REFUSALS, 'by kind of submission and reason; `push` in present counters alone'),
};

export const COUNTER_VALUES = named('CounterValues', record(VALUES));
export interface CounterValues extends TypeOf<typeof COUNTER_VALUES> {}

const PLACE = { partition: COUNT, seq: COUNT };
export const COUNTERS = named(
  'Counters',
  record({ voucherId: ID, ...VALUES, asOf: named('CountersPosition', record({ ...PLACE, at: TIME })) }),
);
export interface Counters extends TypeOf<typeof COUNTERS> {}

export const SUMMED_COUNTERS = named('SummedCounters', record({ vouchers: COUNT, ...VALUES }));

export const COUNTERS_AT = named('CountersAt', record({ at: TIME, ...VALUES }));
