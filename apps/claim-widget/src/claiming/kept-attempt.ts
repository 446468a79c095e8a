// A pressed claim's Idempotency-Key with its body, from the press to the decision: a reload repeats both.
import type { Store } from './session.ts';

/** What a repeated request repeats. */
export interface KeptAttempt {
  readonly key: string;
  /** The request's body, as it was sent. */
  readonly body: string;
  /** When it was pressed. Unix milliseconds. */
  readonly since: number;
  /** Whose token it was sent with: another user's page does not go on with it. */
  readonly subject: string;
}

/** Where one voucher's attempt is kept. */
export interface KeptPlace {
  read(): KeptAttempt | undefined;
  write(attempt: KeptAttempt): void;
  forget(): void;
}

/** @param name of the place in the store: platform and voucher */
export const keptPlace = (store: Store, name: string): KeptPlace => ({
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
