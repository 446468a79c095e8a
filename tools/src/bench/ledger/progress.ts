// The ledger's progress through a backlog, read from its cursors.
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { residentBytes } from '../process.meter.ts';
import type { Stage } from '../stage.ts';

const LOOK_MS = 25;
const SAY_MS = 5_000;
const STALLED_MS = 60_000;
/** How often memory is measured, spread over the work. */
const MEMORY_LOOKS = 8;

/** Sums over all partitions: records done, events written. */
export async function cursors(database: pg.Client): Promise<{ offset: number; events: number }> {
  const { rows } = await database.query<{ offset: number; events: number }>(
    `SELECT coalesce(sum(next_offset), 0)::float8 AS offset, coalesce(sum(next_seq - 1), 0)::float8 AS events FROM cursor`,
  );
  return rows[0]!;
}

export class Progress {
  readonly #stage: Stage;
  readonly #database: pg.Client;
  readonly #end: number;
  #offset = -1;
  #movedAt = performance.now();

  /** @param end number of records in Kafka */
  constructor(stage: Stage, database: pg.Client, end: number) {
    this.#stage = stage;
    this.#database = database;
    this.#end = end;
  }

  /** Resolves when the first progress is seen, or when there is nothing to do, with the number of records done. */
  async begun(): Promise<number> {
    await this.#look();
    for (const before = this.#offset; this.#offset === before && before < this.#end; await this.#look())
      await pause(LOOK_MS);
    return this.#offset;
  }

  /** Resolves when half of the records are done. */
  async halfWay(): Promise<void> {
    for (; this.#offset < this.#end / 2; await this.#look()) await pause(LOOK_MS);
  }

  /** Resolves when all records are done. @returns resident bytes of each process after each eighth of them */
  async worked(processIds: Readonly<Record<string, number | undefined>>): Promise<Record<string, number[]>> {
    const looks = Object.fromEntries(Object.keys(processIds).map((name) => [name, [] as number[]]));
    const [first, began] = [this.#offset, performance.now()];
    let [taken, said] = [0, began];
    while (this.#offset < this.#end) {
      await pause(4 * LOOK_MS);
      await this.#look();
      const done = (this.#offset - first) / (this.#end - first);
      if (done >= (taken + 1) / MEMORY_LOOKS) {
        taken = Math.floor(done * MEMORY_LOOKS);
        for (const [name, id] of Object.entries(processIds)) looks[name]!.push(residentBytes(id) ?? NaN);
      }
      if (performance.now() - said < SAY_MS) continue;
      said = performance.now();
      const [now, end, rate] = [this.#offset, this.#end, (1_000 * (this.#offset - first)) / (said - began)].map(
        (count) => Math.round(count).toLocaleString('en-US'),
      );
      this.#stage.say(`  ${now} of ${end} decided (${rate}/s)`);
    }
    return looks;
  }

  async #look(): Promise<void> {
    this.#stage.lifetime.signal.throwIfAborted();
    const { offset } = await cursors(this.#database);
    if (offset !== this.#offset) [this.#offset, this.#movedAt] = [offset, performance.now()];
    else if (performance.now() - this.#movedAt > STALLED_MS)
      throw new Error(`the ledger stands still at ${offset} of ${this.#end} records`);
  }
}
