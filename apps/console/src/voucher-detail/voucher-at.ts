// The voucher as it was at a past moment: the version in force then, and what node rules had done by then.
import type { EventType, Voucher, VoucherStatus } from '@vouchers/contracts';
import { useQuery } from '@tanstack/react-query';
import { answer, services } from '../api/api.ts';
import { voucherQuery } from '../api/queries.ts';

export type VoucherAt =
  | { is: 'loading' }
  | { is: 'failed'; error: unknown; retry(): void }
  /** The ledger had no event of it yet. */
  | { is: 'nothing' }
  | { is: 'found'; voucher: Voucher };

/** The last event of a type up to and including the moment. */
async function lastEvent(id: string, type: EventType, at: string) {
  const to = new Date(Date.parse(at) + 1).toISOString();
  let after: string | undefined;
  for (;;) {
    // A page may be empty and still have a next one, since each call searches a bounded number of events.
    const { items, next } = await answer(
      services().ledger.GET('/v1/vouchers/{id}/events', {
        params: { path: { id }, query: { type, to, order: 'desc', limit: 1, after } },
      }),
    );
    if (items[0] || next === null) return items[0];
    after = next;
  }
}

/** The state that an intent has, given what node rules did. */
export function stateAt(
  intent: 'draft' | 'published' | 'paused' | 'terminated',
  enabled: boolean,
  terminated: boolean,
): VoucherStatus {
  if (terminated) return 'terminated';
  return intent === 'published' && enabled ? 'enabled' : intent;
}

async function read(current: Voucher, at: string): Promise<Voucher | null> {
  const { id } = current;
  const [defined, enabled, terminated] = await Promise.all([
    lastEvent(id, 'voucher.defined.v1', at),
    lastEvent(id, 'voucher.enabled.v1', at),
    lastEvent(id, 'voucher.terminated.v1', at),
  ]);
  if (!defined) return null;
  const version = defined.data.voucherVersion;
  const {
    spec,
    intent,
    by,
    at: updatedAt,
  } = await answer(
    services().config.GET('/v1/vouchers/{id}/versions/{version}', { params: { path: { id, version } } }),
  );
  const { team, createdAt } = current;
  const state = stateAt(intent, enabled !== undefined, terminated !== undefined);
  return { ...spec, id, team, createdAt, version, state, updatedAt, updatedBy: by };
}

/** The voucher now, or as it was `at` a moment. */
export function useVoucherAt(id: string, at: string | undefined): VoucherAt {
  const now = useQuery(voucherQuery(id));
  const current = now.data?.value;
  const past = useQuery({
    queryKey: ['voucher-at', id, at],
    queryFn: () => read(current!, at!),
    enabled: at !== undefined && current !== undefined,
    staleTime: Infinity,
  });
  const error = current ? past.error : now.error;
  if (error) return { is: 'failed', error, retry: () => void (current ? past : now).refetch() };
  if (at === undefined) return current ? { is: 'found', voucher: current } : { is: 'loading' };
  if (past.data === null) return { is: 'nothing' };
  return past.data ? { is: 'found', voucher: past.data } : { is: 'loading' };
}
