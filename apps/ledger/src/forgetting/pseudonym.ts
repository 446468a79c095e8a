// The names that stand in the place of forgotten users.
import type { Forgetting } from '@vouchers/event-store';
import { hash } from 'node:crypto';

const DIGITS = 32;

/**
 * The user's pseudonym in a partition. The salt is in the record alone, so nobody can find it from the id when Kafka
 * has dropped the record. A ledger that is restored reads the record again and finds the same pseudonym.
 */
export function pseudonymOf({ partition, userId, salt }: Pick<Forgetting, 'partition' | 'userId' | 'salt'>): string {
  return `forgotten-${hash('sha256', `${salt} user ${partition} ${userId}`).slice(0, DIGITS)}`;
}

/** Attests which events have the pseudonym, so that an audit finds an event that was moved from one user to another. */
export function attestationOf(seqs: readonly number[]): string {
  return hash('sha256', seqs.join(','));
}
