import type { EventData, EventType } from '@vouchers/contracts';
import type { VoucherEvent } from './decision.ts';

/** What an event's data say beside the event itself. */
export interface Recording {
  /** The ledger's own clock, Unix milliseconds. */
  decidedAt: number;
  team: string;
  labels: Record<string, string>;
}

/** An event as stored and published. Facts are left out: they stand in a column of their own. */
export function encodeEvent(_event: VoucherEvent, _recording: Recording): EventData {
  throw new Error('to be written');
}

/** The event back from what was stored. Its facts are empty: whoever rebuilds puts those of the column into `facts` and `claim.facts`. */
export function decodeEvent(_type: EventType, _voucherId: string, _submissionId: string | undefined, _data: EventData): VoucherEvent {
  throw new Error('to be written');
}
