// Simulations: the recorded submissions of a voucher, decided again under another spec.
import { COUNTER_VALUES } from './counters.schema.ts';
import { CHECK, EVENT_TYPES, SUBMISSION_KIND } from './event.schema.ts';
import {
  arrayOf,
  choice,
  COUNT,
  exact,
  ID,
  listOf,
  mapOf,
  maybe,
  named,
  record,
  text,
  TIME,
  whole,
  withFields,
  without,
  type TypeOf,
} from './schema.ts';
import { ACTOR } from './submission.schema.ts';
import { VOUCHER_SPEC, VOUCHER_SPEC_INPUT } from './voucher.schema.ts';

/** The most items of a simulation's series. */
export const MOST_SERIES = 200;
/** The most differences that are kept of a simulation. */
export const MOST_DIFFERENCES = 100_000;

export const SIMULATION_STATE = choice('queued', 'running', 'done', 'failed', 'cancelled');
export type SimulationState = TypeOf<typeof SIMULATION_STATE>;

export const DIFFERENCE_CLASS = choice('exact', 'consequent', 'unobserved', 'moot');
/**
 * exact: the new spec alone decides so, on the state that history had at that moment. consequent: earlier decisions went
 * otherwise. unobserved: an attribute that was not kept is needed. moot: its claim or redemption does not exist. They are
 * never added together.
 */
export type DifferenceClass = TypeOf<typeof DIFFERENCE_CLASS>;

export const SIMULATION_INPUT = named(
  'SimulationInput',
  exact(
    record({
      spec: VOUCHER_SPEC_INPUT,
      until: maybe({ ...TIME, description: 'submissions judged up to and at this time; default: all' }),
    }),
  ),
);
export interface SimulationInput extends TypeOf<typeof SIMULATION_INPUT> {}

const PROGRESS = named('SimulationProgress', record({ done: COUNT, of: COUNT }), 'in events of the voucher');
const IDENTITY = named(
  'SimulationIdentity',
  record({ decisions: COUNT, differences: COUNT }),
  'the same submissions under the versions that were in force: how many were decided again, and how many otherwise',
);
const CLASSES = named(
  'DifferenceClasses',
  record({ exact: COUNT, consequent: COUNT, unobserved: COUNT, moot: COUNT }),
  'decisions that differ, by class; they are never added together. `unobserved` and `moot` also count decisions that stay',
);
const OUTCOME_TEXT = 'a reason, `granted`, or for `would` also `moot`';
const REASON_COUNT = named(
  'SimulationReason',
  record({
    class: DIFFERENCE_CLASS,
    kind: SUBMISSION_KIND,
    was: { ...text(), description: OUTCOME_TEXT },
    would: { ...text(), description: OUTCOME_TEXT },
    n: COUNT,
  }),
);
export type SimulationReason = TypeOf<typeof REASON_COUNT>;

const SERIES_ITEM = named('SimulationSeriesItem', record({ at: TIME, was: COUNTER_VALUES, would: COUNTER_VALUES }));
export type SimulationSeriesItem = TypeOf<typeof SERIES_ITEM>;

const FAILURE = named(
  'SimulationFailure',
  record({
    why: {
      ...choice('identity', 'unfinished'),
      description:
        'identity: the recorded submissions do not give the recorded decisions again. unfinished: it was begun again and again without coming to an end',
    },
    detail: text(),
    /** The first event that differs. Only with `identity`. */
    event: maybe(
      named(
        'SimulationFailureEvent',
        record({
          seq: whole(1),
          type: choice(...EVENT_TYPES),
          at: TIME,
          submissionId: maybe(ID),
        }),
      ),
    ),
  }),
);
export type SimulationFailure = TypeOf<typeof FAILURE>;

export const SIMULATION = named(
  'Simulation',
  record({
    id: ID,
    voucherId: ID,
    state: SIMULATION_STATE,
    progress: PROGRESS,
    by: ACTOR,
    at: TIME,
    until: maybe(TIME),
    /** With every default filled in, without goods. */
    spec: VOUCHER_SPEC,
    /** Absent until it is `done` or `failed`. */
    identity: maybe(IDENTITY),
    failure: maybe({ ...FAILURE, description: 'of one that failed' }),
    // All that follows belongs to one that is done.
    /** The counters of history, and those under the spec. */
    was: maybe(COUNTER_VALUES),
    would: maybe(COUNTER_VALUES),
    classes: maybe(CLASSES),
    reasons: maybe({ ...arrayOf(REASON_COUNT), description: 'of decisions that differ, most frequent first' }),
    missing: maybe({
      ...named('MissingNames', mapOf(COUNT)),
      description: 'how many decisions needed an attribute that was not kept, such as `{"user.city": 812}`',
    }),
    series: maybe(arrayOf(SERIES_ITEM, MOST_SERIES)),
    unpriced: maybe({ ...COUNT, description: 'uses under another benefit: their discounts stay as submitted' }),
    nodes: maybe({
      ...choice('exact', 'approximate'),
      description: 'approximate: a condition uses `now` other than in a comparison with a time',
    }),
    more: maybe({ ...COUNT, description: `differences beyond the ${MOST_DIFFERENCES} that are kept` }),
  }),
  'What a spec would have done to what really happened',
);
export interface Simulation extends TypeOf<typeof SIMULATION> {}

/** A simulation in lists. `GET /v1/simulations/{id}` has the rest. */
export const SIMULATION_LISTED = {
  ...without(SIMULATION, ['spec', 'was', 'would', 'reasons', 'missing', 'series']),
  title: 'SimulationListed',
  description: 'A simulation in lists',
};
export interface SimulationListed extends TypeOf<typeof SIMULATION_LISTED> {}

const REASON_TEXT = maybe({ ...text(), description: 'absent if it was granted' });
export const DIFFERENCE = named(
  'SimulationDifference',
  record({
    submissionId: ID,
    kind: SUBMISSION_KIND,
    userId: maybe(text()),
    at: { ...TIME, description: 'when it was judged' },
    seq: { ...whole(1), description: 'of its event' },
    was: named('VerdictThatWas', record({ verdict: choice('granted', 'refused'), reason: REASON_TEXT })),
    would: named('VerdictThatWould', record({ verdict: choice('granted', 'refused', 'moot'), reason: REASON_TEXT })),
    class: DIFFERENCE_CLASS,
    checks: { ...arrayOf(CHECK), description: 'what the new spec checks; empty for `moot`' },
  }),
);
export interface SimulationDifference extends TypeOf<typeof DIFFERENCE> {}
export const DIFFERENCE_LIST = withFields(listOf(DIFFERENCE), {
  more: { ...COUNT, description: 'differences that were not kept' },
});
