import type {
  Counters,
  CounterValues,
  DecisionTrace,
  EventRow,
  EventType,
  List,
  Proof,
  Reason,
} from '@vouchers/contracts';
import type { Call } from './call.ts';

interface Id {
  id: string;
}

/** Counters of many vouchers, summed. */
export type SummedCounters = CounterValues & { vouchers: number };

export interface SeriesItem extends CounterValues {
  at: string;
}

/** A decision, and where it stands. */
export type Decision = DecisionTrace & { partition: number; seq: number; userId?: string; claimId?: string };

export interface EventsQuery {
  after?: string;
  limit?: number;
  order?: 'asc' | 'desc';
  userId?: string;
  type?: EventType;
  reason?: Reason;
  from?: string;
  to?: string;
}

export interface LedgerPaths {
  '/v1/vouchers/{id}/counters': { get: Call<Counters, Id, { at?: string }> };
  '/v1/counters': {
    get: Call<SummedCounters & { items: Counters[] }, never, { label?: string; voucherId?: string }>;
  };
  '/v1/vouchers/{id}/counters/series': {
    get: Call<{ items: SeriesItem[] }, Id, { from: string; to: string; step: string }>;
  };
  '/v1/vouchers/{id}/events': { get: Call<List<EventRow>, Id, EventsQuery> };
  '/v1/vouchers/{id}/proof': { get: Call<Proof, Id, { at?: string; full?: 'true' }> };
  '/v1/claims/{id}/history': { get: Call<List<EventRow>, Id, { after?: string; limit?: number }> };
  '/v1/submissions/{id}/decision': { get: Call<Decision, Id> };
}
