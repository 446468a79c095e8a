// Finds the vouchers of the list: by text in config, by what the ledger knows of them in the ledger.
import type { Voucher } from '@vouchers/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { FIRST_VOUCHERS } from '../api/prefetch.ts';
import { answer, services } from '../api/api.ts';
import { asksLedger, type Attention, type ListFilters } from '../app/filters.ts';

const MORE_VOUCHERS = 100;

export interface FoundPage {
  items: Voucher[];
  next: string | null;
  /** The kinds of attention by voucher, as the ledger judged it. */
  attention: Record<string, Attention[]>;
}

export const useFoundVouchers = (filters: ListFilters) =>
  useInfiniteQuery({
    queryKey: ['vouchers', filters],
    queryFn: ({ pageParam }) => (asksLedger(filters) ? fromLedger(filters, pageParam) : fromConfig(filters, pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });

async function fromConfig({ state, label, search }: ListFilters, after: string | undefined): Promise<FoundPage> {
  const limit = after === undefined ? FIRST_VOUCHERS : MORE_VOUCHERS;
  const query = { limit, after, state, label: label ? [label] : undefined, search };
  const { items, next } = await answer(services().config.GET('/v1/vouchers', { params: { query } }));
  return { items, next, attention: {} };
}

/** The ledger says which vouchers, and in which order; config has their settings. */
async function fromLedger(filters: ListFilters, after: string | undefined): Promise<FoundPage> {
  const { state, label, type, time, attention, team, sort } = filters;
  const query = { limit: MORE_VOUCHERS, after, state, label, type, time, attention, team, sort };
  const listed = await answer(services().ledger.GET('/v1/vouchers', { params: { query } }));
  const vouchers = await vouchersOf(listed.items.map(({ voucherId }) => voucherId));
  return {
    // A voucher that config does not show, because it was deleted meanwhile, is left out.
    items: listed.items.flatMap(({ voucherId }) => vouchers.get(voucherId) ?? []),
    next: listed.next,
    attention: Object.fromEntries(listed.items.map((one) => [one.voucherId, one.attention])),
  };
}

/** Vouchers by id. */
export async function vouchersOf(ids: readonly string[]): Promise<Map<string, Voucher>> {
  if (ids.length === 0) return new Map();
  const query = { id: ids.join(','), limit: ids.length };
  const { items } = await answer(services().config.GET('/v1/vouchers', { params: { query } }));
  return new Map(items.map((voucher) => [voucher.id, voucher]));
}
