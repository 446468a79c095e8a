// The bodies of requests about claims.
import {
  CLAIM_INPUT,
  EXTENSION_INPUT,
  JOIN_INPUT,
  LOCK_INPUT,
  REASON_INPUT,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { CompiledBody } from '@vouchers/service';

export type ClaimBody = TypeOf<typeof CLAIM_INPUT>;
export const claimBody = new CompiledBody(CLAIM_INPUT);

export type LockBody = TypeOf<typeof LOCK_INPUT>;
export const lockBody = new CompiledBody(LOCK_INPUT);

export type ReasonBody = TypeOf<typeof REASON_INPUT>;
export const reasonBody = new CompiledBody(REASON_INPUT);

export type JoinBody = TypeOf<typeof JOIN_INPUT>;
export const joinBody = new CompiledBody(JOIN_INPUT);

export const extensionBody = new CompiledBody(EXTENSION_INPUT);
