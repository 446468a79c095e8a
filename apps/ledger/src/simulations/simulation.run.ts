// One run of a simulation: reads the voucher's events, has the domain decide their submissions again, stores the
// differences. The core is `simulate` of libs/voucher; the worlds' records are in memory, or in the working table if the
// history is long.
import type { SimulationDifference, VoucherSpec } from '@vouchers/contracts';
import {
  countEvents,
  emptySimulationRecords,
  EventsReader,
  eventsToDecide,
  SimulationDifferences,
  SimulationRecords,
  type NewDifference,
  type RecordedEvent,
} from '@vouchers/event-store/history';
import { MemoryRecords, simulate, type World, type WorldRecords } from '@vouchers/voucher';
import type pg from 'pg';
import type { SimulationResult } from './simulation.shown.ts';
import { StoredRecords } from './stored.records.ts';

/** The events per query. */
const PAGE = 1_000;
/** The events that are decided without a pause. */
const PART = 100;
/** A history with more events does not begin in memory. */
const MOST_EVENTS_IN_MEMORY = 50_000;
/** The text of events with which a history may be in memory, as a part of the memory. Records take more than their text. */
const TEXT_SHARE = 1 / 8;
const DIFFERENCES_AT_ONCE = 1_000;

export interface SimulationJob {
  partition: number;
  simulationId: string;
  voucherId: string;
  run: number;
  /** JSON. */
  spec: string;
  /** Unix milliseconds. */
  until: number | null;
  askedAt: number;
}

export interface SimulationEnd {
  state: 'done' | 'failed';
  result: SimulationResult;
}

export interface SimulationResources {
  history: pg.Pool;
  /** One connection to the working table. */
  records: pg.Pool;
  /** The memory of the thread. */
  bytes: number;
}

/** The surroundings of a run. */
export interface RunTerms {
  /** Lets everything else run. Throws if the run is not wanted any more. */
  pause(): Promise<void>;
  progress(progress: { done: number; of: number }): void;
  warn(message: string): void;
}

/** The records do not fit memory, so the run begins again with the working table. */
class TooLarge extends Error {}

export class SimulationRun {
  private readonly events: EventsReader;
  private readonly differences: SimulationDifferences;
  private readonly resources: SimulationResources;
  private readonly job: SimulationJob;
  private readonly terms: RunTerms;
  private of = 0;
  private found = 0;
  private unstored: NewDifference[] = [];
  private storing: Promise<void> = Promise.resolve();

  constructor(resources: SimulationResources, job: SimulationJob, terms: RunTerms) {
    this.resources = resources;
    this.job = job;
    this.terms = terms;
    this.events = new EventsReader(resources.history);
    this.differences = new SimulationDifferences(resources.history);
  }

  async run(): Promise<SimulationEnd> {
    const head = await this.countEvents();
    if (this.of > MOST_EVENTS_IN_MEMORY) return this.inTable(head);
    const most = this.resources.bytes * TEXT_SHARE;
    try {
      return await this.decide(head, { was: new MemoryRecords(), would: new MemoryRecords() }, most);
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      return this.inTable(head);
    }
  }

  /** Other runs may have left rows in the table: their ledger died. */
  private async inTable(head: number): Promise<SimulationEnd> {
    const { records, bytes } = this.resources;
    const { run } = this.job;
    const world = (number: number): WorldRecords =>
      new StoredRecords(new SimulationRecords(records, run, number), bytes);
    await emptySimulationRecords(records, run);
    try {
      return await this.decide(head, { was: world(0), would: world(1) }, Infinity);
    } finally {
      await emptySimulationRecords(records, run).catch((error: Error) =>
        this.terms.warn(`the working table of a simulation is emptied by the next one: ${error.message}`),
      );
    }
  }

  /** Counts the events up to the present one. @returns its seq */
  private async countEvents(): Promise<number> {
    const { partition, voucherId } = this.job;
    const until = (await this.events.head(partition, voucherId))?.seq ?? 0;
    for (let after: number | undefined = 0; after !== undefined;) {
      const { count, last } = await countEvents(this.resources.history, [partition, voucherId], { after, until });
      this.of += count;
      after = last;
      await this.terms.pause();
    }
    return until;
  }

  private async decide(head: number, worlds: Record<World, WorldRecords>, mostText: number): Promise<SimulationEnd> {
    const { spec, until, askedAt } = this.job;
    this.found = 0;
    this.unstored = [];
    const question = {
      spec: JSON.parse(spec) as VoucherSpec,
      ...(until !== null && { until }),
      at: askedAt,
    };
    const slices = simulate(question, this.parts(head, mostText), worlds);
    for (let done = 0; ;) {
      const slice = await slices.next();
      if (slice.done) {
        await this.store();
        await this.storing;
        this.terms.progress({ done, of: this.of });
        const { state, ...result } = slice.value;
        return { state, result };
      }
      done += slice.value.events;
      this.unstored.push(...slice.value.differences.map(differenceOf));
      if (this.unstored.length >= DIFFERENCES_AT_ONCE) await this.store();
      this.terms.progress({ done, of: this.of });
      await this.terms.pause();
    }
  }

  /** The events in small parts. The next page is read while this one is decided. */
  private async *parts(head: number, mostText: number): AsyncGenerator<RecordedEvent[]> {
    let text = 0;
    let next = this.page(0, head);
    for (;;) {
      const page = await next;
      const last = page.at(-1);
      if (!last) return;
      for (const { data } of page) text += data.length;
      if (text > mostText) throw new TooLarge();
      next = this.page(last.seq, head);
      for (let from = 0; from < page.length; from += PART) {
        await this.terms.pause();
        yield page.slice(from, from + PART);
      }
    }
  }

  private page(after: number, until: number): Promise<RecordedEvent[]> {
    const { partition, voucherId } = this.job;
    if (after >= until) return Promise.resolve([]);
    const page = eventsToDecide(this.resources.history, [partition, voucherId], { after, until }, PAGE);
    page.catch(() => undefined); // whoever waits for the page throws it
    return page;
  }

  /** Sends the differences that were found. The ones before must be stored. */
  private async store(): Promise<void> {
    await this.storing;
    if (this.unstored.length === 0) return;
    const first = this.found + 1;
    this.found += this.unstored.length;
    this.storing = this.differences.add(this.job, first, this.unstored);
    this.storing.catch(() => undefined); // the next one throws it
    this.unstored = [];
  }
}

const differenceOf = ({ seq, class: of, was, would, checks }: SimulationDifference): NewDifference => ({
  seq,
  class: of,
  wasReason: was.reason ?? null,
  wouldVerdict: would.verdict,
  wouldReason: would.reason ?? null,
  checks: JSON.stringify(checks),
});
