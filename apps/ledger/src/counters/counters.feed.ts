import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Counters } from '@vouchers/contracts';
import { CountersReader } from './counters.reader.ts';

type Listener = (counters: Counters) => void;

/** At most four reads per second for all streams. They read Postgres, because any replica may have written. */
const EVERY_MS = 255;

@Injectable()
export class CountersFeed implements OnModuleDestroy {
  private readonly listeners = new Map<string, Set<Listener>>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(private readonly counters: CountersReader) {}

  /** Calls `listener` a few times per second, even if no counter changed. @returns a function that ends it */
  follow(voucherId: string, listener: Listener): () => void {
    const of = this.listeners.get(voucherId) ?? new Set();
    this.listeners.set(voucherId, of.add(listener));
    this.timer ??= setInterval(() => void this.look(), EVERY_MS);
    return () => {
      of.delete(listener);
      if (of.size === 0 && this.listeners.get(voucherId) === of) this.listeners.delete(voucherId);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      for (const counters of await this.counters.now([...this.listeners.keys()])) {
        for (const listener of this.listeners.get(counters.voucherId) ?? []) listener(counters);
      }
    } catch {
      // Postgres is away. The streams only send heartbeats and go on when it is back.
    } finally {
      this.looking = false;
    }
  }
}
