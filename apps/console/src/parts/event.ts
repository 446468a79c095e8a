import type { EventRow, EventType } from '@vouchers/contracts';

/** The middle of an event's type, by which the words know it: `voucher.claim-refused.v1` is `claim-refused`. */
export type NameOf<Type> = Type extends `voucher.${infer Name}.v1` ? Name : never;

export const eventName = (type: EventType): NameOf<EventType> =>
  type.replace(/^voucher\.|\.v1$/g, '') as NameOf<EventType>;

/** Every name, with the key that words have for each: a new type of event does not compile without its words. */
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
  'voucher.claim-refused.v1': true,
  'voucher.lock-refused.v1': true,
  'voucher.unlock-refused.v1': true,
  'voucher.release-refused.v1': true,
  'voucher.revoke-refused.v1': true,
  'voucher.redemption-refused.v1': true,
  'voucher.rollback-refused.v1': true,
};
export const EVENT_TYPES = Object.keys(TYPES) as EventType[];

/** What a row is about, beside its type: the order of a redemption. */
export const orderIn = ({ data }: EventRow): string | undefined => data.redemption?.order.id;
