// The user of a service's request about claims and redemptions.
import type { Claim, Facts } from '@vouchers/contracts';
import type { Caller } from '@vouchers/service';

/** A service that acts for a user sees only that user's claims and redemptions. Any other service sees all. */
export const userNamed = (caller: Caller): string | undefined => (caller.acting ? caller.userId : undefined);

/**
 * The attributes of X-User-Attrs, or of a token whose `sub` is the claim's user. If undefined, the attributes that were
 * recorded with the claim count.
 */
export function attributesOf(caller: Caller, { userId }: Claim): Facts | undefined {
  if (caller.acting && caller.attributesGiven) return caller.userAttributes;
  return caller.sub === userId ? caller.attributes : undefined;
}
