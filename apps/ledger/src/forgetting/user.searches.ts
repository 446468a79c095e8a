// Searches a partition for the events of users who are to be forgotten, while the partition goes on deciding. An index
// of events by user would cost every claim. When a search is done, the ledger appends a record to the partition; at the
// place of this record the user is forgotten.
import type { Forgetting, ForgettingStore, Mention } from '@vouchers/event-store';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

export interface SearchSurroundings {
  forgettings: ForgettingStore;
  /** Connections on which deciding does not wait. */
  pool: Pick<pg.Pool, 'query'>;
  /** Resolves when Kafka has the record by which the user is forgotten. */
  announce: (forgettingId: string, partition: number) => Promise<void>;
  onError: (error: Error) => void;
}

const RETRY_MS = 1_000;

/** A search. `next` is the first seq that was not searched. */
class UserSearch {
  private mentions: Mention[] = [];
  private next = 1;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    readonly forgetting: Forgetting,
    private readonly around: SearchSurroundings,
  ) {}

  /** The events before that seq that name the user, in order. */
  async before(seq: number): Promise<readonly Mention[]> {
    const turn = this.turn.then(() => this.search(seq));
    this.turn = turn.catch(() => undefined);
    await turn;
    return this.mentions;
  }

  /** Another forgetting has changed events, perhaps among those that were found. */
  again(): void {
    this.turn = this.turn.then(() => {
      this.mentions = [];
      this.next = 1;
    });
  }

  private async search(before: number): Promise<void> {
    const { forgettings, pool } = this.around;
    for await (const found of forgettings.mentions(pool, this.forgetting, this.next - 1, before)) {
      this.mentions.push(...found);
    }
    this.next = Math.max(this.next, before);
  }
}

export class UserSearches {
  private readonly searches = new Map<string, UserSearch>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly partition: number,
    private readonly around: SearchSurroundings,
  ) {}

  /** Begins the searches that an earlier owner has not ended. */
  async resume(nextSeq: number): Promise<void> {
    for (const forgetting of await this.around.forgettings.open(this.partition)) this.begin(forgetting, nextSeq);
  }

  /** Searches the events before that seq and then appends the record. */
  begin(forgetting: Forgetting, nextSeq: number): void {
    if (this.searches.has(forgetting.forgettingId)) return;
    const search = new UserSearch(forgetting, this.around);
    this.searches.set(forgetting.forgettingId, search);
    void this.untilAnnounced(search, nextSeq);
  }

  of(forgettingId: string): UserSearch | undefined {
    return this.searches.get(forgettingId);
  }

  /** Call it when the user is forgotten. */
  end(forgettingId: string): void {
    this.searches.delete(forgettingId);
    for (const search of this.searches.values()) search.again();
  }

  stop(): void {
    this.stopping.abort();
  }

  private async untilAnnounced(search: UserSearch, nextSeq: number): Promise<void> {
    const { forgettingId } = search.forgetting;
    const { signal } = this.stopping;
    const isWanted = (): boolean => !signal.aborted && this.searches.get(forgettingId) === search;
    while (isWanted()) {
      try {
        await search.before(nextSeq);
        if (isWanted()) await this.around.announce(forgettingId, this.partition);
        return;
      } catch (error) {
        this.around.onError(error as Error);
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
