// The inputs and outputs of a simulation. The service that runs it reads pages of events and keeps the records.
import type {
  EventData,
  EventType,
  Simulation,
  SimulationDifference,
  Submission,
  VoucherSpec,
} from '@vouchers/contracts';
import type { VoucherEvent } from '../decision.ts';
import { decodeEvent } from '../event-data.ts';
import type { Knowledge, Need } from '../knowledge.ts';
import { submissionOf } from '../submissions/recorded.ts';

/** One row of the ledger's events. The columns with JSON are text. */
export interface RecordedRow {
  seq: number;
  type: EventType;
  voucherId: string;
  submissionId: string | null;
  data: string;
  facts: string | null;
  submission: string | null;
}

/** An event as it was recorded, with its facts and the rest of its submission. */
export type RecordedEvent = VoucherEvent & {
  seq: number;
  /** The submission with all that was judged. Absent if not all of it was kept, or if it was unreadable. */
  whole?: Submission;
};

export interface SimulationQuestion {
  /** Complete and without faults, with the voucher's own clock and time zone. */
  spec: VoucherSpec;
  /** Submissions are judged up to and at this time. Unit: Unix ms. */
  until?: number;
  /** The simulation's own time. On the wall clock, nothing after it counts. Unit: Unix ms. */
  at: number;
}

/** History as it was, and the world as it would have been under the spec. */
export type World = 'was' | 'would';

/** The claims, redemptions, users and entries of one world. */
export interface WorldRecords {
  /** Answers from memory. */
  readonly knowledge: Knowledge;
  /** Makes these needs known. Undefined if it is done at once. */
  load(needs: readonly Need[]): Promise<void> | undefined;
  /** Takes over the changes of events, of which `knowledge` then tells. The users whose claims change are known. */
  take(events: readonly VoucherEvent[]): void;
  /**
   * The earliest time at which a claim or an offer falls due. Null if there is none. Undefined if that is not known
   * before the claims and offers that are due are loaded.
   */
  nextDue(): number | null | undefined;
  /** Nothing that was loaded is in use. It is called at least once per 500 events. */
  settle(): Promise<void> | undefined;
}

/** Some progress of a simulation. The caller may pause or stop it between two of them. */
export interface SimulationSlice {
  /** The rows that were decided since the last slice. */
  events: number;
  differences: SimulationDifference[];
}

type Told = 'identity' | 'was' | 'would' | 'classes' | 'reasons' | 'missing' | 'series' | 'unpriced' | 'nodes' | 'more';
export type SimulationResult =
  | ({ state: 'done' } & Required<Pick<Simulation, Told>>)
  | ({ state: 'failed' } & Required<Pick<Simulation, 'identity' | 'failure'>>);

/** The event of a row. */
export function recordedEvent(row: RecordedRow): RecordedEvent {
  const data = JSON.parse(row.data) as EventData;
  const event = decodeEvent(row.type, row.voucherId, row.submissionId ?? undefined, data);
  if (row.facts !== null) event.facts = JSON.parse(row.facts) as RecordedEvent['facts'];
  if (row.type === 'voucher.claimed.v1') event.claim!.facts = event.facts!;
  if (row.submission !== null) event.submission = JSON.parse(row.submission) as RecordedEvent['submission'];
  const recorded: RecordedEvent = Object.assign(event, { seq: row.seq });
  if (event.reason !== 'unreadable' && !isOfForgotten(event)) recorded.whole = submissionOf(event);
  return recorded;
}

/** Users who were forgotten have such ids. Their facts are blanked. */
const FORGOTTEN = 'forgotten-';

export const isOfForgotten = ({ userId }: VoucherEvent): boolean => userId?.startsWith(FORGOTTEN) === true;
