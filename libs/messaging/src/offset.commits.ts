// Commits offsets to Kafka. They show the lag, and are the start of consumers without a cursor of their own.
import type { TopicPartition } from './consumption.ts';

/** Once per second suffices. */
const COMMIT_INTERVAL_MS = 1_000;

export type CommittedOffset = TopicPartition & { offset: string };

export class OffsetCommits {
  readonly #commit: (offsets: CommittedOffset[]) => Promise<void>;
  readonly #waiting = new Map<string, CommittedOffset>();
  #timer: NodeJS.Timeout | undefined;

  /** @param commit must not reject */
  constructor(commit: (offsets: CommittedOffset[]) => Promise<void>) {
    this.#commit = commit;
  }

  soon(committed: CommittedOffset): void {
    this.#waiting.set(keyOf(committed), committed);
    this.#timer ??= setTimeout(() => void this.now(), COMMIT_INTERVAL_MS);
  }

  /** Trap: a commit to a lost partition succeeds. */
  drop(lost: TopicPartition): void {
    this.#waiting.delete(keyOf(lost));
  }

  async now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const offsets = [...this.#waiting.values()];
    this.#waiting.clear();
    if (offsets.length > 0) await this.#commit(offsets);
  }
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
