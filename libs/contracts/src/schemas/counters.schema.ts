import type { Counters, CounterValues, Proof } from '../counters.ts';
import { SUBMISSION_TYPES } from '../submissions.ts';
import { COUNT, FLAG, ID, mapOf, named, orNull, partial, record, TIME, type Schema } from './schema.ts';

const REFUSED = partial(
  record<Record<string, object>>(
    Object.fromEntries(Object.keys(SUBMISSION_TYPES).map((kind): [string, Schema] => [kind, mapOf(COUNT)])),
  ),
);
const FREE = { ...orNull({ type: 'integer' }), description: 'null: no claim quantity' };

const VALUES = {
  pushed: COUNT,
  claimed: COUNT,
  redeemed: COUNT,
  rolledBack: COUNT,
  held: COUNT,
  locked: COUNT,
  used: COUNT,
  expired: COUNT,
  released: COUNT,
  revoked: COUNT,
  retired: COUNT,
  offered: COUNT,
  free: FREE,
  refused: { ...REFUSED, description: 'by kind of submission and reason; `push` in present counters alone' },
};

export const COUNTER_VALUES = named('CounterValues', record<CounterValues>(VALUES));

export const COUNTERS = named(
  'Counters',
  record<Counters>({
    voucherId: ID,
    ...VALUES,
    asOf: record<Counters['asOf']>({ partition: COUNT, seq: COUNT, at: TIME }),
  }),
);

export const SUMMED_COUNTERS = named(
  'SummedCounters',
  record<CounterValues & { vouchers: number }>({ vouchers: COUNT, ...VALUES }),
);

export const COUNTERS_AT = named('CountersAt', record<CounterValues & { at: string }>({ at: TIME, ...VALUES }));

export const PROOF = named(
  'Proof',
  record<Proof>({
    holds: FLAG,
    claimQuantity: orNull(COUNT),
    free: FREE,
    offered: COUNT,
    held: COUNT,
    locked: COUNT,
    used: COUNT,
    retired: COUNT,
    projected: COUNTER_VALUES,
    head: record<Proof['head']>({ partition: COUNT, seq: COUNT }),
  }),
  'claimQuantity = free + offered + held + locked + used + retired, recomputed from the events',
);
