// Loads the counters of all vouchers in view with one request.
import type { Counters } from '@vouchers/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { answer, services } from './api.ts';

const EVERY_MS = 3_000;
/** The ledger's limit per request. */
const MOST = 200;

/** Counters by voucher id, reloaded every few seconds. Vouchers out of view keep their last counters. */
export function useCountersInView(ids: readonly string[]): { counters: ReadonlyMap<string, Counters>; error: unknown } {
  const known = useRef(new Map<string, Counters>());
  const asked = [...ids].sort().slice(0, MOST);
  const { data, error } = useQuery({
    queryKey: ['counters', asked],
    queryFn: () => answer(services().ledger.GET('/v1/counters', { params: { query: { voucherId: asked.join(',') } } })),
    enabled: asked.length > 0,
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  for (const counters of data && 'items' in data ? data.items : []) known.current.set(counters.voucherId, counters);
  return { counters: known.current, error };
}
