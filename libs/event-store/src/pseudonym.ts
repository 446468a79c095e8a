// Makes what stands in the place of forgotten users. The forgetting's salt is in its record alone, so nobody can find any of
// it from the id when Kafka has dropped the record. A ledger that is restored reads the record again and makes the same.
import { hash } from 'node:crypto';
import { uuidOf } from './chain/event.hash.ts';

const DIGITS = 32;

/** A user whom a partition forgets, with the forgetting's salt. */
interface Forgotten {
  partition: number;
  userId: string;
  salt: string;
}

/** The user's name in a partition. */
export function pseudonymOf({ partition, userId, salt }: Forgotten): string {
  return `forgotten-${hash('sha256', `${salt} user ${partition} ${userId}`).slice(0, DIGITS)}`;
}

/** The salt of the commitment to what is left of an event. */
export function saltOfEvent({ partition, salt }: Omit<Forgotten, 'userId'>, seq: number): string {
  return uuidOf(hash('sha256', `${salt} event ${partition}:${seq}`));
}
