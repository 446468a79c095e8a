// The world as it was. Each recorded submission is decided again by the version that was in force, and each event is
// compared. Events that a tick brought about happen at their recorded time.
import type { SimulationFailure, Submission } from '@vouchers/contracts';
import { decide, decideGiven, fallDueAt, settleAt } from '../decide.ts';
import type { Decision, VoucherEvent } from '../decision.ts';
import { evolve } from '../evolve.ts';
import { leaveForgotten } from '../forgetting.ts';
import { isRevocable } from '../state.ts';
import { termsOf } from '../terms.ts';
import { plus } from '../time/duration.ts';
import { rfc3339 } from '../time/rfc3339.ts';
import { giveRecorded, isUnjudged } from './as-recorded.ts';
import type { EventSource } from './event-source.ts';
import { isOfForgotten, type RecordedEvent } from './question.ts';
import { differing } from './same-event.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** The farthest that is looked for the first offer of several events at one time. */
const MOST_AHEAD = 5_000;
/** The largest difference between the time in a submission and its broker time that counts. Unit: ms. */
const TOLERANCE_MS = 5_000;
const DUE = new Set<string>([
  'voucher.unlocked.v1',
  'voucher.claim-expiring.v1',
  'voucher.claim-expired.v1',
  'voucher.offer-lapsed.v1',
]);

/** An event differs from what was decided again. */
export class NotIdentical extends Error {
  override readonly name = 'NotIdentical';
  readonly failure: SimulationFailure;

  constructor(detail: string, event: RecordedEvent | undefined) {
    super(detail);
    const { seq, type, at, submissionId } = event ?? {};
    this.failure = {
      why: 'identity',
      detail,
      ...(event && { event: { seq: seq!, type: type!, at: rfc3339(at!), ...(submissionId && { submissionId }) } }),
    };
  }
}

export class History {
  /** The verdicts that were decided again. */
  decisions = 0;
  readonly world: SimulatedWorld;
  readonly #source: EventSource;
  /** Gives the next events of the input that was begun. */
  #begun: (() => Promise<Decision>) | undefined;
  /** Whether it has given no event yet. */
  #isFresh = true;

  constructor(world: SimulatedWorld, source: EventSource) {
    this.world = world;
    this.#source = source;
  }

  /** Whether a forgetting brought the next event about. That is an input of its own. */
  isForgetting(event: RecordedEvent): Promise<boolean> {
    if (event.type === 'voucher.waiting-list-left.v1') return Promise.resolve(event.why === 'user-forgotten');
    return this.#isForgottenUnlock(event);
  }

  /** Begins the next recorded event, with all that was decided with it. */
  async begin(event: RecordedEvent): Promise<void> {
    if (!this.world.voucher && !event.definition)
      throw new NotIdentical('it is recorded before the voucher was defined', event);
    this.#begun = await this.#inputOf(event);
    this.#isFresh = true;
  }

  /** Decides a slice of it. False: that was the last one. @throws NotIdentical */
  async slice(): Promise<boolean> {
    const event = await this.#source.peek();
    if (!this.#begun || !event) return false;
    const decision = await this.#begun();
    if (this.#isFresh && decision.events.length === 0 && !decision.more)
      throw new NotIdentical('it is recorded, but nothing brings it about', event);
    await this.#compare(decision.events);
    this.#isFresh &&= decision.events.length === 0;
    this.world.apply(decision);
    return decision.more;
  }

  async #compare(events: readonly VoucherEvent[]): Promise<void> {
    for (const decided of events) {
      const recorded = await this.#source.peek();
      // The ledger has not written the rest of this decision yet.
      if (!recorded) return;
      const what = differing(recorded, decided);
      if (what !== undefined) throw new NotIdentical(what, recorded);
      await this.#source.take();
    }
  }

  async #inputOf(event: RecordedEvent): Promise<() => Promise<Decision>> {
    const { world } = this;
    const { at, type, submissionId, definition } = event;
    if (definition) return () => this.#decide({ type: 'definition', at, value: definition });
    if (submissionId !== undefined) return this.#submissionOf(event);
    const voucher = world.voucher!;
    if (type === 'voucher.waiting-list-left.v1' && (await this.isForgetting(event))) {
      const now = await this.#timeOfInput(event);
      return () => world.knowing(() => leaveForgotten(world.voucher!, world.knowledge, event.userId!, now));
    }
    if (await this.#isForgottenUnlock(event)) return () => this.#unlock(event);
    if (!DUE.has(type)) {
      const settled = Math.max(at, voucher.time);
      return () => world.knowing(() => settleAt(world.voucher!, world.knowledge, settled));
    }
    const now = await this.#timeOfInput(event);
    return () => world.knowing(() => fallDueAt(world.voucher!, world.knowledge, at, now));
  }

  #submissionOf(event: RecordedEvent): () => Promise<Decision> {
    const { world } = this;
    const submission = event.whole;
    if (!submission && isUnjudged(event))
      return () => Promise.resolve({ events: [event], voucher: evolve(world.voucher, event), more: false });
    if (submission) {
      this.decisions += 1;
      return () => this.#decide({ type: 'submission', at: this.#judgedAt(event, submission), value: submission });
    }
    return async () => {
      await world.knowUser(event.userId);
      return world.knowing(() =>
        decideGiven(world.voucher!, world.knowledge, { at: event.at, submissionId: event.submissionId! }, (verdict) =>
          giveRecorded(verdict, event),
        ),
      );
    };
  }

  #decide(input: Parameters<typeof decide>[2]): Promise<Decision> {
    const { world } = this;
    return world.knowing(() => decide(world.voucher, world.knowledge, input), input);
  }

  /**
   * The time at which a submission was judged: its own, the voucher's, or the broker's, which is known only by this
   * event. An event with another time is not taken at its word.
   */
  #judgedAt({ at, occurredAt }: RecordedEvent, { submissionId }: Submission): number {
    const { time, definition, lastVerdict } = this.world.voucher!;
    if (lastVerdict === submissionId) return at;
    const isBrokers = definition.spec.clock === 'wall' && Math.abs(at - occurredAt) > TOLERANCE_MS;
    return at === time || isBrokers ? at : occurredAt;
  }

  /** The lock of a user who was forgotten ended, at no due time. */
  async #isForgottenUnlock(event: RecordedEvent): Promise<boolean> {
    if (event.type !== 'voucher.unlocked.v1' || !isOfForgotten(event)) return false;
    const claim = await this.world.claim(event.claim!.claimId);
    return claim?.lock !== undefined && claim.lock.until !== event.at;
  }

  async #unlock(event: RecordedEvent): Promise<Decision> {
    const voucher = this.world.voucher!;
    const claim = await this.world.claim(event.claim!.claimId);
    if (!claim || claim.state !== 'locked' || !isRevocable(claim)) return { events: [], voucher, more: false };
    const { lock: _, ...rest } = claim;
    const { type, voucherId, userId } = event;
    const unlocked: VoucherEvent = {
      ...{ type, voucherId, voucherVersion: voucher.definition.version, userId },
      ...{ at: voucher.time, occurredAt: voucher.time, claim: { ...rest, state: 'held' }, before: 'locked' },
    };
    return { events: [unlocked], voucher: evolve(voucher, unlocked), more: false };
  }

  /**
   * The time of the input that brought about something due, if its offers tell it: they stand from then on. A tick's
   * time is recorded nowhere else.
   */
  async #timeOfInput(event: RecordedEvent): Promise<number> {
    const { definition } = this.world.voucher!;
    const { waitingList, claim, valid, zone } = termsOf(definition.spec);
    const { at } = event;
    if (!waitingList) return at;
    const last = Math.min(claim.to, valid.to);
    let most = Infinity;
    for (let ahead = 0; ahead < MOST_AHEAD; ahead += 1) {
      const next = await this.#source.peek(ahead);
      if (next && (next.submissionId !== undefined || next.definition)) most = next.at;
      if (!next || most !== Infinity || next.at !== at) break;
      if (next.type === 'voucher.waiting-list-left.v1' && !next.why?.startsWith('user')) return at;
      if (next.type !== 'voucher.offered.v1') continue;
      const { until } = next.entry!.offer!;
      return earliest(at, until, (now) => Math.min(plus(now, waitingList.offerFor, zone), last) >= until);
    }
    // It may have come so late that nothing could be offered any more.
    return last <= most ? Math.max(at, last) : at;
  }
}

/** The first whole number of [from, to] for which `holds`, which holds from some number on; `from` if there is none. */
function earliest(from: number, to: number, holds: (now: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return holds(low) ? low : from;
}
