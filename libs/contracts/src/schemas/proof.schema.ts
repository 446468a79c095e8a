// The schemas that show whether something was altered: heads of chains, and the proof of a voucher.
import { COUNTER_VALUES, FREE } from './counters.schema.ts';
import { PARAMETERS } from './problem.schema.ts';
import {
  arrayOf,
  choice,
  COUNT,
  FLAG,
  maybe,
  named,
  orNull,
  record,
  text,
  TIME,
  whole,
  type TypeOf,
} from './schema.ts';

const HASH = { ...text(), pattern: '^[0-9a-f]{64}$' };
const HEAD = {
  /** The last event that the hash covers. */
  seq: whole(1),
  hash: { ...HASH, description: 'SHA-256 over the event and the hash before it, hex' },
};

export const CHAIN_HEAD = named(
  'ChainHead',
  record({
    partition: COUNT,
    ...HEAD,
    attestedFrom: {
      ...orNull(whole(1)),
      description: 'from this seq on, hashes were written with their events; null: the last one was added later',
    },
    at: TIME,
  }),
  "The head of a partition's chain of hashes: it stands for all events up to there",
);
export interface ChainHead extends TypeOf<typeof CHAIN_HEAD> {}

/**
 * quantities: at each grant, no more units were gone than the quantity in force. per-user: no grant was above the limit
 * per user. sum: claims by state add up to all claims, entries of the waiting list to all joinings, and units to the
 * quantity. counters, claims, users, redemptions, entries: the stored rows follow from the events. events: none is missing, and each fits its columns. chain: the hashes follow
 * from the events.
 */
export const PROOF_CHECKS = [
  'quantities',
  'per-user',
  'sum',
  'counters',
  'claims',
  'users',
  'redemptions',
  'entries',
  'events',
  'chain',
] as const;

const PROOF_CHECK = named(
  'ProofCheck',
  record({
    check: choice(...PROOF_CHECKS),
    passed: FLAG,
    /** Absent if it passed. A sentence per fault. */
    faults: maybe(arrayOf(text(), 20)),
    /** The same faults, for a reader of another language. */
    coded: maybe(
      arrayOf(
        named(
          'ProofFault',
          record({
            code: { ...text(), description: 'which fault; later releases may add values' },
            params: {
              ...PARAMETERS,
              description: 'the parameters of the sentence; `place`: the event after which it was so',
              examples: [{ place: '0:8', count: 6, most: 5 }],
            },
          }),
        ),
        20,
      ),
    ),
  }),
);
export type ProofCheck = TypeOf<typeof PROOF_CHECK>;

export const PROOF = named(
  'Proof',
  record({
    holds: FLAG,
    claimQuantity: orNull(COUNT),
    free: FREE,
    offered: COUNT,
    held: COUNT,
    locked: COUNT,
    used: COUNT,
    retired: COUNT,
    /** The counters that the ledger answers for this moment. */
    projected: COUNTER_VALUES,
    head: named('EventPlace', record({ partition: COUNT, seq: COUNT })),
    replayed: named(
      'ReplayedSeqs',
      record({ after: COUNT, until: COUNT }),
      'the seqs of the events that were replayed; the counters stored at the last one were compared',
    ),
    checks: arrayOf(PROOF_CHECK),
    chain: maybe(
      named(
        'ProofChain',
        record({
          ...HEAD,
          attestedFrom: orNull(whole(1)),
          published: maybe(named('PublishedHead', record({ ...HEAD, at: TIME }), 'the last head on voucher.heads.v1')),
        }),
        "the chain of the voucher's partition; absent if it has no hashes",
      ),
    ),
  }),
  'claimQuantity = free + offered + held + locked + used + retired, recomputed from the events',
);
export interface Proof extends TypeOf<typeof PROOF> {}
