// Stores the Idempotency-Key and body of a request from the press to the decision, so that a reload can repeat both.
import type { Request } from '../platform/platform.client.ts';
import type { Store } from './session.ts';

/** A stored request, which can be repeated. */
export interface KeptAttempt {
  readonly key: string;
  /** Absent in what an older widget stored, which only claimed. */
  readonly request?: Request;
  /** The id of the claim or voucher that it is about. */
  readonly id?: string;
  /** The request's body. It must be repeated unchanged. */
  readonly body: string;
  /** The time of the press. Unix milliseconds. */
  readonly since: number;
  /** The `sub` of the token. Another user's page must not go on with the attempt. */
  readonly subject: string;
}

/** Stores the attempt of one voucher. */
export interface AttemptStorage {
  read(): KeptAttempt | undefined;
  write(attempt: KeptAttempt): void;
  forget(): void;
}

/** @param name the key in the store, which names platform and voucher */
export const attemptStorage = (store: Store, name: string): AttemptStorage => ({
  read: () => {
    try {
      return (JSON.parse(store.getItem(name) ?? 'null') as KeptAttempt | null) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write: (attempt) => store.setItem(name, JSON.stringify(attempt)),
  forget: () => store.removeItem(name),
});
