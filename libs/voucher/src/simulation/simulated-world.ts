// One world of a simulation: the voucher's state, and its records as a decision asks for them.
import type { FactValue, Facts } from '@vouchers/contracts';
import { Unkept } from '../conditions/unkept.ts';
import type { Decision, Input, VoucherEvent } from '../decision.ts';
import { evolve } from '../evolve.ts';
import { type Knowledge, type Need, needsOf, NotGiven } from '../knowledge.ts';
import type { ClaimRecord, VoucherState } from '../state.ts';
import type { WorldRecords } from './question.ts';

/** The most times that one decision asks for something. Each time it gets at least one answer. */
const MOST_LOADS = 100_000;

/** Marks in the place of attributes that were not kept, one per name. */
export class Marks {
  readonly #marks = new Map<string, Unkept>();

  /** The mark of a name as conditions write it: `user.city`. */
  of(name: string): Unkept {
    let mark = this.#marks.get(name);
    if (!mark) this.#marks.set(name, (mark = new Unkept(name)));
    return mark;
  }

  clear(): void {
    for (const mark of this.#marks.values()) mark.needed = mark.ranked = false;
  }

  /** The names that conditions, or ranks, could not do without since `clear`. */
  named(by: 'needed' | 'ranked'): string[] {
    return [...this.#marks.values()].filter((mark) => mark[by]).map(({ name }) => name);
  }

  /** Facts that were stored as JSON, with their marks. */
  revived(facts: Facts): Facts {
    const unkept = Object.entries(facts).filter(([name, value]) => isStoredMark(name, value));
    if (unkept.length === 0) return facts;
    return { ...facts, ...Object.fromEntries(unkept.map(([name]) => [name, this.of(name).asFact])) };
  }
}

function isStoredMark(name: string, value: FactValue): boolean {
  if (typeof value !== 'object' || value === null || (value as unknown) instanceof Unkept) return false;
  return (value as { unkept?: unknown }).unkept === name;
}

/** Told of each event before it changes the state of a world. */
export type Watch = {
  /** Events up to this time need not be told one by one. */
  quietUntil(): number;
  /** @param before the state before the event */
  see(event: VoucherEvent, before: VoucherState | undefined): void;
};

export class SimulatedWorld {
  voucher: VoucherState | undefined;
  /** The number of its events so far. */
  events = 0;
  /** The state after the last event up to the simulation's end. */
  asOfEnd: VoucherState | undefined;
  readonly records: WorldRecords;
  readonly knowledge: Knowledge;
  readonly #end: number;
  readonly #watch: Watch;
  #missing: Need | undefined;

  constructor(records: WorldRecords, end: number, watch: Watch, marks = new Marks()) {
    this.records = records;
    this.#end = end;
    this.#watch = watch;
    this.knowledge = this.#asking(marks);
  }

  /** Decides with all that the decision needs. */
  async knowing<T>(decide: () => T, input?: Input): Promise<T> {
    if (input) await this.#know(input);
    for (let loads = 0; loads < MOST_LOADS; loads += 1) {
      this.#missing = undefined;
      try {
        return decide();
      } catch (error) {
        if (!(error instanceof NotGiven) || this.#missing === undefined) throw error;
        await this.records.load([this.#missing]);
      }
    }
    throw new Error('a decision asks without end');
  }

  /** Loads what a submission needs at once, also the users whose counts it changes. */
  async #know(input: Input): Promise<void> {
    for (let loads = 0; loads < MOST_LOADS; loads += 1) {
      const needs = needsOf(this.voucher, this.knowledge, input);
      if (needs.length === 0) return;
      await this.records.load(needs);
    }
    throw new Error('a submission asks without end');
  }

  /** The claim, or null if this world has none with this id. */
  claim(claimId: string): Promise<ClaimRecord | null> {
    return this.knowing(() => this.#given(this.knowledge.claim(claimId), `claim ${claimId}`));
  }

  /** Loads a user whose counts a decision may change without asking for them. */
  async knowUser(userId: string | undefined): Promise<void> {
    if (userId !== undefined) await this.knowing(() => this.#given(this.knowledge.user(userId), `user ${userId}`));
  }

  async hasRedemption(redemptionId: string): Promise<boolean> {
    const known = await this.knowing(() =>
      this.#given(this.knowledge.redemption(redemptionId), `redemption ${redemptionId}`),
    );
    return known !== null;
  }

  /** The earliest time, up to `by`, at which a claim or an offer falls due. */
  async nextDue(by: number): Promise<number | null> {
    const { records } = this;
    const known = records.nextDue();
    if (known !== undefined) return known;
    await records.load([
      { what: 'due', by },
      { what: 'due offers', by },
    ]);
    return records.nextDue() ?? null;
  }

  /** Takes over the events of a decision. */
  apply({ events, voucher }: Pick<Decision, 'events' | 'voucher'>): void {
    if (events.length === 0) return;
    const quiet = Math.min(this.#watch.quietUntil(), this.#end);
    if (events.every(({ at }) => at <= quiet)) this.asOfEnd = voucher;
    else this.#step(events);
    this.voucher = voucher;
    this.events += events.length;
    this.records.take(events);
  }

  #step(events: readonly VoucherEvent[]): void {
    let state = this.voucher;
    for (const event of events) {
      this.#watch.see(event, state);
      state = evolve(state, event);
      if (event.at <= this.#end) this.asOfEnd = state;
    }
  }

  #given<T>(known: T | undefined, what: string): T {
    if (known === undefined) throw new NotGiven(what);
    return known;
  }

  /** The records' knowledge. It notes what it could not answer, and puts the marks into facts. */
  #asking(marks: Marks): Knowledge {
    const { records } = this;
    const ask = <T>(answer: T | undefined, need: Need): T | undefined => {
      if (answer === undefined) this.#missing = need;
      return answer;
    };
    const known = records.knowledge;
    const revivedClaim = (claim: ClaimRecord): ClaimRecord => {
      const facts = marks.revived(claim.facts);
      return facts === claim.facts ? claim : { ...claim, facts };
    };
    return {
      claim: (id) => {
        const claim = ask(known.claim(id), { what: 'claim', id });
        return claim ? revivedClaim(claim) : claim;
      },
      redemption: (id) => ask(known.redemption(id), { what: 'redemption', id }),
      user: (id) => ask(known.user(id), { what: 'user', id }),
      knowsUser: (id) => known.knowsUser(id),
      due: (by) => ask(known.due(by), { what: 'due', by })?.map(revivedClaim),
      live: () => ask(known.live(), { what: 'live' })?.map(revivedClaim),
      entryOf: (userId) => ask(known.entryOf(userId), { what: 'entry', userId }),
      waiting: (count) => ask(known.waiting(count), { what: 'waiting', count }),
      dueOffers: (by) => ask(known.dueOffers(by), { what: 'due offers', by }),
      offered: () => ask(known.offered(), { what: 'offered' }),
      takenOff: (asked) => ask(known.takenOff(asked), { what: 'taken off', ...asked }),
    };
  }
}
