// Makes what stands in the place of forgotten users. The forgetting's salt is in its record alone, so nobody can find any of
// it from the id when Kafka has dropped the record. A ledger that is restored reads the record again and makes the same.
import { hash } from 'node:crypto';
import { uuidOf } from './chain/event.hash.ts';
import type { Forgetting } from './forgetting.store.ts';

const DIGITS = 32;

/** The user's name in a partition. */
export function pseudonymOf({ partition, userId, salt }: Pick<Forgetting, 'partition' | 'userId' | 'salt'>): string {
  return `forgotten-${hash('sha256', `${salt} user ${partition} ${userId}`).slice(0, DIGITS)}`;
}

/** The salt of the commitment to what is left of an event. */
export function saltOfEvent({ partition, salt }: Pick<Forgetting, 'partition' | 'salt'>, seq: number): string {
  return uuidOf(hash('sha256', `${salt} event ${partition}:${seq}`));
}
