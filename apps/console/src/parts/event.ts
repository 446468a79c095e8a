import type { EventRow, EventType } from '@vouchers/contracts';

/** The key of an event type in the texts: `claim-refused` for `voucher.claim-refused.v1`. */
export type NameOf<Type> = Type extends `voucher.${infer Name}.v1` ? Name : never;

export const eventName = (type: EventType): NameOf<EventType> =>
  type.replace(/^voucher\.|\.v1$/g, '') as NameOf<EventType>;

/** All event types. A new one in the contracts does not compile before it is added here. */
const TYPES: Record<EventType, true> = {
  'voucher.defined.v1': true,
  'voucher.enabled.v1': true,
  'voucher.terminated.v1': true,
  'voucher.pushed.v1': true,
  'voucher.claimed.v1': true,
  'voucher.locked.v1': true,
  'voucher.unlocked.v1': true,
  'voucher.redeemed.v1': true,
  'voucher.redemption-rolled-back.v1': true,
  'voucher.claim-expired.v1': true,
  'voucher.claim-released.v1': true,
  'voucher.claim-revoked.v1': true,
  'voucher.user-forgotten.v1': true,
  'voucher.claim-refused.v1': true,
  'voucher.lock-refused.v1': true,
  'voucher.unlock-refused.v1': true,
  'voucher.release-refused.v1': true,
  'voucher.revoke-refused.v1': true,
  'voucher.redemption-refused.v1': true,
  'voucher.rollback-refused.v1': true,
  'voucher.waiting-list-joined.v1': true,
  'voucher.waiting-list-left.v1': true,
  'voucher.offered.v1': true,
  'voucher.offer-lapsed.v1': true,
  'voucher.offer-withdrawn.v1': true,
  'voucher.claim-expiring.v1': true,
  'voucher.claim-extended.v1': true,
  'voucher.join-refused.v1': true,
  'voucher.leave-refused.v1': true,
  'voucher.extension-refused.v1': true,
};
export const EVENT_TYPES = Object.keys(TYPES) as EventType[];

/** The order id of an event about a redemption. */
export const orderIn = ({ data }: EventRow): string | undefined => data.redemption?.order.id;
