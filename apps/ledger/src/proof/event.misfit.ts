// Compares the columns of an event with its data. The chain covers the data; most columns only repeat it.
import { eventDataOf, asRead, EVENT_TYPES } from '@vouchers/contracts/schemas';
import type { EventData, EventType } from '@vouchers/contracts';
import type { StoredEvent } from '@vouchers/event-store/history';
import { recordCheck } from '@vouchers/service/thread';

const FAULT_OF = new Map<EventType, (data: unknown) => string | undefined>(
  EVENT_TYPES.map((type) => [type, recordCheck(asRead(eventDataOf(type)))]),
);

/** A sentence if a column says something else than the data, or if the data cannot be read. */
export function misfitOf(stored: StoredEvent): string | undefined {
  const data = JSON.parse(stored.data.toString()) as EventData;
  const fault = FAULT_OF.get(stored.type);
  if (!fault) return `type ${stored.type} is unknown`;
  const unreadable = fault(data);
  if (unreadable !== undefined) return `its ${unreadable || 'data'} cannot be read`;
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
    different && `its column ${different} is ${String(stored[different])}, its data say ${String(said[different])}`
  );
}
