import type { EventData } from '@vouchers/contracts';
import type { ReplayedEvent } from '@vouchers/event-store/history';
import { decodeEvent, type VoucherEvent } from '@vouchers/voucher';

/** A stored event in the form that the domain uses, without facts. */
export function eventOf(stored: Omit<ReplayedEvent, 'data' | 'facts'> & { data: string | Buffer }): VoucherEvent {
  const data = JSON.parse(stored.data.toString()) as EventData;
  return decodeEvent(stored.type, stored.voucherId, stored.submissionId ?? undefined, data);
}
