// Compares the columns of an event with its data. The chain covers the data; most columns only repeat it.
import { eventDataOf, asRead, EVENT_TYPES } from '@vouchers/contracts/schemas';
import { proofFault, type EventData, type EventType, type ProofFault } from '@vouchers/contracts';
import type { StoredEvent } from '@vouchers/event-store/history';
import { recordCheck } from '@vouchers/service/thread';

const FAULT_OF = new Map<EventType, (data: unknown) => string | undefined>(
  EVENT_TYPES.map((type) => [type, recordCheck(asRead(eventDataOf(type)))]),
);

/** A fault if a column says something else than the data, or if the data cannot be read. */
export function misfitOf(stored: StoredEvent): ProofFault | undefined {
  const event = `${stored.partition}:${stored.seq}`;
  const data = JSON.parse(stored.data.toString()) as EventData;
  const fault = FAULT_OF.get(stored.type);
  if (!fault) return proofFault('event-type', { event, type: stored.type });
  const unreadable = fault(data);
  if (unreadable !== undefined) return proofFault('event-unreadable', { event, field: unreadable || 'data' });
  const said: Partial<StoredEvent> = {
    voucherVersion: data.voucherVersion,
    userId: data.userId ?? data.claim?.userId ?? null,
    claimId: data.claim?.id ?? null,
    redemptionId: data.redemption?.id ?? null,
    reason: data.reason ?? null,
    at: Date.parse(data.at),
    occurredAt: Date.parse(data.occurredAt),
  };
  const names = Object.keys(said) as (keyof typeof said)[];
  const different = names.find((name) => said[name] !== stored[name]);
  return (
    different &&
    proofFault('event-differs', {
      event,
      name: different,
      stored: String(stored[different]),
      said: String(said[different]),
    })
  );
}
