// A simulation: a voucher's recorded submissions are decided again, once by the versions that were in force, which must
// give every event again, and once as if `spec` had been the definition from the first publication on.
import type { Definition } from '@vouchers/contracts';
import { EventSource } from './event-source.ts';
import { History, NotIdentical } from './history.ts';
import { judgeAlone } from './alone.ts';
import { claimAskedFor } from './as-recorded.ts';
import { needsOfPage } from './needs-of-page.ts';
import { PastVersions } from './named-attributes.ts';
import type {
  RecordedEvent,
  RecordedRow,
  SimulationQuestion,
  SimulationResult,
  SimulationSlice,
  World,
  WorldRecords,
} from './question.ts';
import { isSame } from './same-event.ts';
import { countersIn, Series } from './series.ts';
import { Marks, SimulatedWorld } from './simulated-world.ts';
import { isDifferent, Tally } from './tally.ts';
import { type WouldBe, WouldBeWorld } from './would.ts';

/** A slice ends after this many rows, steps, or decided events of both worlds. */
const ROWS = 500;
const STEPS = 500;
const EVENTS = 2_000;

/**
 * Runs a simulation. The caller may pause or stop it between two slices. It ends by itself past `until`.
 * @param pages the voucher's rows in the order of `seq`, all of them from the first one on
 * @returns `failed` if history does not give the same events again
 */
export async function* simulate(
  question: SimulationQuestion,
  pages: AsyncIterable<readonly RecordedRow[]> | Iterable<readonly RecordedRow[]>,
  worlds: Record<World, WorldRecords>,
): AsyncGenerator<SimulationSlice, SimulationResult> {
  const simulation = new Simulation(question, pages, worlds);
  try {
    for (let more = true; more;) {
      try {
        more = await simulation.run();
      } catch (error) {
        if (!(error instanceof NotIdentical)) throw error;
        return { state: 'failed', identity: simulation.identity(1), failure: error.failure };
      }
      yield simulation.drain();
    }
    return simulation.result();
  } finally {
    await simulation.close();
  }
}

class Simulation {
  readonly #source: EventSource;
  readonly #end: number;
  readonly #worlds: Record<World, WorldRecords>;
  readonly #marks = new Marks();
  readonly #versions = new PastVersions();
  readonly #series = new Series();
  readonly #tally = new Tally();
  readonly #history: History;
  readonly #would: WouldBeWorld;
  /** The steps to go. Each step of the walk is a slice of one of the worlds, or a row. */
  readonly #walk: AsyncGenerator<void, void>;
  #told = 0;
  #lastAt = -Infinity;

  constructor(
    question: SimulationQuestion,
    pages: AsyncIterable<readonly RecordedRow[]> | Iterable<readonly RecordedRow[]>,
    worlds: Record<World, WorldRecords>,
  ) {
    const { spec, until = Infinity, at } = question;
    this.#end = spec.clock === 'wall' ? Math.min(until, at) : until;
    this.#source = new EventSource(pages, (events) => this.#foresee(events));
    this.#worlds = worlds;
    const was = new SimulatedWorld(worlds.was, this.#end, this.#series.watch('was'));
    const would = new SimulatedWorld(worlds.would, this.#end, this.#series.watch('would'), this.#marks);
    this.#history = new History(was, this.#source);
    this.#would = new WouldBeWorld(would, spec, this.#marks, this.#versions);
    this.#walk = this.#steps();
  }

  /** Loads at once what the submissions of a page ask about. */
  async #foresee(events: readonly RecordedEvent[]): Promise<void> {
    for (const records of Object.values(this.#worlds)) {
      const needs = needsOfPage(events, records.knowledge);
      if (needs.length > 0) await records.load(needs);
    }
  }

  identity(differences: 0 | 1): { decisions: number; differences: number } {
    return { decisions: this.#history.decisions, differences };
  }

  /** Runs until the slice is full. False: it is done. */
  async run(): Promise<boolean> {
    const { taken } = this.#source;
    const decided = this.#decided;
    for (let steps = 0; steps < STEPS; steps += 1) {
      if ((await this.#walk.next()).done) return false;
      if (this.#source.taken - taken >= ROWS || this.#decided - decided >= EVENTS) break;
    }
    for (const records of Object.values(this.#worlds)) await records.settle();
    return true;
  }

  get #decided(): number {
    return this.#history.world.events + this.#would.world.events;
  }

  drain(): SimulationSlice {
    const events = this.#source.taken - this.#told;
    this.#told = this.#source.taken;
    return { events, differences: this.#tally.drain() };
  }

  result(): SimulationResult {
    const [was, would] = [this.#history.world.asOfEnd, this.#would.world.asOfEnd];
    const { classes, reasons, missing, unpriced, more } = this.#tally;
    return {
      state: 'done',
      identity: this.identity(0),
      was: countersIn(was),
      would: countersIn(would),
      classes,
      reasons,
      missing,
      series: this.#series.upTo(this.#end === Infinity ? this.#lastAt : this.#end, was, would),
      unpriced,
      nodes: this.#would.isApproximate ? 'approximate' : 'exact',
      more,
    };
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async *#steps(): AsyncGenerator<void, void> {
    for (let event = await this.#source.peek(); event; event = await this.#source.peek()) {
      if (this.#isPastEnd(event)) break;
      this.#lastAt = Math.max(this.#lastAt, event.at);
      const { definition, submissionId } = event;
      const isInput =
        definition !== undefined || submissionId !== undefined || (await this.#history.isForgetting(event));
      if (isInput) while (await this.#would.pass(event.at)) yield;
      if (definition) {
        this.#versions.add(definition);
        this.#would.beginDefinition(definition, event.at);
      } else if (submissionId !== undefined) await this.#would.beginSubmission(event);
      else if (isInput) await this.#would.beginForgetting(event);
      if (isInput) while (await this.#would.slice()) yield;
      if (submissionId !== undefined) await this.#compare(event);
      await this.#history.begin(event);
      while (await this.#history.slice()) yield;
      yield;
    }
    if (this.#end === Infinity) return;
    while (await this.#would.pass(this.#end + 1)) yield;
  }

  /** A definition by the clock of submissions happens at no time of its own. */
  #isPastEnd({ at, definition }: RecordedEvent): boolean {
    return at > this.#end && !(definition && definition.spec.clock === 'submissions');
  }

  async #compare(event: RecordedEvent): Promise<void> {
    const { result } = this.#would;
    const { voucher } = this.#would.world;
    if (event.kind === 'redemption' && result.verdict === 'granted' && this.#isUnpriced(event, voucher!.definition))
      this.#tally.unpriced += 1;
    const isJudged = isDifferent(event, result) && !result.isUnobserved && result.verdict !== 'moot';
    this.#tally.count(event, result, isJudged ? await this.#alone(event, result) : undefined);
  }

  async #alone(event: RecordedEvent, { submission }: WouldBe) {
    const { world, marks } = this.#would;
    const { definition } = world.voucher!;
    const claimId = claimAskedFor(event);
    const claim = claimId === undefined ? undefined : await world.claim(claimId);
    return judgeAlone(this.#history.world, definition, submission!, { at: event.at, facts: claim?.facts, marks });
  }

  /** Whether its discount was computed for another benefit. */
  #isUnpriced({ discount, voucherVersion, submission }: RecordedEvent, { spec }: Definition): boolean {
    const version = discount?.version ?? submission?.discount?.version ?? voucherVersion;
    return !isSame(this.#versions.benefitOf(version), spec.benefit);
  }
}
