// The world as it would have been: the recorded submissions are decided by the new spec, in their order and at their
// times. Between them, what falls due does so at its exact moment.
import type { Check, Definition, Reason, Submission, VoucherSpec } from '@vouchers/contracts';
import { decide, decideGiven, settleAt } from '../decide.ts';
import type { Decision, Input, VoucherEvent } from '../decision.ts';
import { evolve } from '../evolve.ts';
import { leaveForgotten } from '../forgetting.ts';
import { isRevocable } from '../state.ts';
import { termsOf } from '../terms.ts';
import { claimAskedFor, factsKnown, giveStaying, isUnjudged } from './as-recorded.ts';
import { momentsOf, type Moments } from './moments.ts';
import type { PastVersions } from './named-attributes.ts';
import type { RecordedEvent } from './question.ts';
import type { Marks, SimulatedWorld } from './simulated-world.ts';

/** The answer of the new spec to a submission. */
export interface WouldBe {
  verdict: 'granted' | 'refused' | 'moot';
  reason?: Reason;
  checks: Check[];
  /** Names that it needed and that were not kept. They decide that it is unobserved. */
  needed: string[];
  /** Names that only the rank of a joining needed. */
  ranked: string[];
  isUnobserved: boolean;
  /** The submission as it was judged. Absent if it is not known whole. */
  submission?: Submission;
}

/** The name of a discount that was not submitted, because the benefit of that time took no money off. */
const DISCOUNT = 'order.discount';
const GOODS = 'order.matchesGoods';

export class WouldBeWorld {
  readonly world: SimulatedWorld;
  readonly #spec: VoucherSpec;
  readonly #marks: Marks;
  readonly #versions: PastVersions;
  readonly #moments: Moments;
  /** The nodes were judged at this time last. */
  #judgedAt = -Infinity;
  #intent: Definition['intent'] = 'draft';
  /** Gives the next events of the input that was begun. */
  #begun: (() => Promise<Decision>) | undefined;
  /** The time of the input, unless it leaves the nodes as they were judged. */
  #inputAt: number | undefined;
  #result: WouldBe | undefined;

  constructor(world: SimulatedWorld, spec: VoucherSpec, marks: Marks, versions: PastVersions) {
    this.world = world;
    this.#spec = spec;
    this.#marks = marks;
    this.#versions = versions;
    this.#moments = momentsOf(spec);
  }

  get isApproximate(): boolean {
    return this.#moments.isApproximate;
  }

  // ——— between inputs

  /** Lets the next thing before `until` happen, in a slice. False: there is nothing more. */
  async pass(until: number): Promise<boolean> {
    const { voucher } = this.world;
    if (!voucher || voucher.definition.spec.clock === 'submissions' || this.#intent === 'draft') return false;
    const due = await this.world.nextDue(until);
    // Time alone changes nothing of a voucher that is terminated, but what falls due.
    const turn = voucher.status === 'terminated' ? undefined : this.#moments.after(this.#judgedAt);
    const moment = Math.min(due === null ? Infinity : Math.max(due, this.#judgedAt), turn ?? Infinity);
    if (moment >= until) return false;
    const decision = await this.#settleAt(moment);
    this.world.apply(decision);
    if (decision.more) return true;
    if (decision.events.length === 0 && due !== null && due <= moment) throw new Error('what is due does not happen');
    this.#judgedAt = moment;
    return true;
  }

  #settleAt(at: number): Promise<Decision> {
    const { world } = this;
    return world.knowing(() => settleAt(world.voucher!, world.knowledge, Math.max(at, world.voucher!.time)));
  }

  // ——— inputs

  /** Begins a recorded definition, if it counts: a draft as it is, then the spec, and each change of intent. */
  beginDefinition(definition: Definition, at: number): void {
    const isDraft = definition.intent === 'draft' && this.#intent === 'draft';
    const isNew = isDraft || definition.intent !== this.#intent;
    this.#intent = definition.intent;
    this.#begun = undefined;
    if (!isNew) return;
    const value = isDraft ? definition : { ...definition, spec: this.#spec };
    const isWall = value.spec.clock === 'wall';
    this.#inputAt = isWall ? at : undefined;
    this.#begun = () => this.#decide({ type: 'definition', at, value });
  }

  /** Begins what a forgetting did: a lock ends, or an entry leaves the list. */
  async beginForgetting(event: RecordedEvent): Promise<void> {
    const { world } = this;
    this.#inputAt = undefined;
    this.#begun = undefined;
    if (!world.voucher) return;
    const { at, userId } = event;
    if (event.type === 'voucher.unlocked.v1') {
      const claim = await world.claim(event.claim!.claimId);
      if (!claim || claim.state !== 'locked' || !isRevocable(claim)) return;
      const { lock: _, ...rest } = claim;
      const { type, voucherId } = event;
      const { time, definition } = world.voucher;
      const unlocked: VoucherEvent = {
        ...{ type, voucherId, voucherVersion: definition.version, userId },
        ...{ at: time, occurredAt: time, claim: { ...rest, state: 'held' }, before: 'locked' },
      };
      this.#begun = () =>
        Promise.resolve({ events: [unlocked], voucher: evolve(world.voucher, unlocked), more: false });
    } else {
      this.#begun = () => world.knowing(() => leaveForgotten(world.voucher!, world.knowledge, userId!, at));
    }
  }

  /** Begins a recorded submission. After its slices, `result` says what became of it. */
  async beginSubmission(event: RecordedEvent): Promise<void> {
    const { at } = event;
    this.#inputAt = at;
    this.#result = undefined;
    const submission = event.whole;
    if (await this.#isMoot(event)) {
      this.#result = { verdict: 'moot', checks: [], needed: [], ranked: [], isUnobserved: false };
      this.#begun = () => this.#settleAt(at);
    } else if (!submission && isUnjudged(event)) {
      this.#inputAt = undefined;
      const { world } = this;
      this.#tell(event, [], true);
      this.#begun = () =>
        Promise.resolve({ events: [event], voucher: evolve(world.voucher, { ...event }), more: false });
    } else if (!submission) {
      this.#begun = () => this.#stay(event, undefined, []);
    } else {
      const marked = this.#marked(event, submission);
      this.#begun = () => this.#judge(event, marked);
    }
  }

  /** Decides a slice of what was begun. False: that was the last one. */
  async slice(): Promise<boolean> {
    if (!this.#begun) return false;
    const decision = await this.#begun();
    this.world.apply(decision);
    if (decision.more) return true;
    const at = this.#inputAt;
    this.#begun = undefined;
    this.#inputAt = undefined;
    if (at === undefined) return false;
    this.#judgedAt = Math.max(this.#judgedAt, at);
    if (this.world.voucher!.definition.spec.clock === 'submissions') return false;
    // The nodes are judged after it, too. Between submissions that have their own clock, nothing happens.
    this.#begun = () => this.#settleAt(at);
    return true;
  }

  get result(): WouldBe {
    return this.#result!;
  }

  /** The marks that stand in facts of this world's claims. */
  get marks(): Marks {
    return this.#marks;
  }

  #decide(input: Input): Promise<Decision> {
    const { world } = this;
    return world.knowing(() => {
      this.#marks.clear();
      return decide(world.voucher, world.knowledge, input);
    }, input);
  }

  async #judge(event: RecordedEvent, submission: Submission): Promise<Decision> {
    const decision = await this.#decide({ type: 'submission', at: event.at, value: submission });
    if (this.#result) return decision;
    const verdict = decision.events.find(({ submissionId }) => submissionId === event.submissionId);
    // Its claim exists, so it is unreadable for the discount that the benefit of its time did not need.
    const needed = verdict?.reason === 'unreadable' ? [DISCOUNT] : this.#marks.named('needed');
    if (verdict && needed.length > 0) {
      this.#begun = () => this.#stay(event, submission, needed);
      return this.#begun();
    }
    const ranked = verdict?.reason === undefined ? this.#marks.named('ranked') : [];
    if (verdict) this.#tell(verdict, [], false, ranked, submission);
    else if (!decision.more) {
      // A push that is not granted is no event, and moves no time. A user's second one is nothing at all.
      const { refusedPush } = decision;
      this.#inputAt = undefined;
      if (refusedPush) this.#tell({ reason: refusedPush as Reason }, [], false, [], submission);
      else this.#tell(event, [], true);
    }
    return decision;
  }

  /** Gives the recorded verdict, as far as it can be given. */
  async #stay(event: RecordedEvent, submission: Submission | undefined, needed: string[]): Promise<Decision> {
    const { world } = this;
    const { at } = event;
    const submissionId = event.submissionId!;
    if (submission) await world.knowing(() => undefined, { type: 'submission', at, value: submission });
    else await world.knowUser(event.userId);
    const decision = await world.knowing(() =>
      decideGiven(world.voucher!, world.knowledge, { at, submissionId }, (proceedings) =>
        giveStaying(proceedings, event, submission),
      ),
    );
    const verdict = decision.events.find((one) => one.submissionId === submissionId);
    if (verdict) this.#tell(verdict, needed, true, [], submission);
    return decision;
  }

  #tell(
    { reason, checks = [] }: Pick<VoucherEvent, 'reason' | 'checks'>,
    needed: string[],
    isUnobserved: boolean,
    ranked: string[] = [],
    submission?: Submission,
  ): void {
    const verdict = reason === undefined ? 'granted' : 'refused';
    this.#result = { verdict, ...(reason && { reason }), checks, needed, ranked, isUnobserved, submission };
  }

  // ——— what is asked

  /** Whether it asks about a claim or redemption that this world does not have. */
  async #isMoot(event: RecordedEvent): Promise<boolean> {
    const { world } = this;
    const claimId = claimAskedFor(event);
    if (claimId === undefined) return false;
    if ((await world.claim(claimId)) === null) return true;
    if (event.kind !== 'rollback' || !event.redemption) return false;
    return !(await world.hasRedemption(event.redemption.redemptionId));
  }

  /** The submission, with marks for what was not kept of it. */
  #marked(event: RecordedEvent, submission: Submission): Submission {
    const { kind } = submission;
    if (kind === 'claim' || kind === 'join') return { ...submission, attributes: this.#attributesOf(event) };
    if (kind !== 'redemption' && !(kind === 'lock' && submission.orderCall !== undefined)) return submission;
    return {
      ...submission,
      ...(submission.attributes && { attributes: this.#attributesOf(event) }),
      matchesGoods: submission.matchesGoods ?? this.#marks.of(GOODS).asFlag,
    };
  }

  #attributesOf(event: RecordedEvent) {
    const names = termsOf(this.#spec).attributes;
    const unknown = this.#versions.unknownOf(event, names);
    const marked = unknown.map((name) => [name, this.#marks.of(`user.${name}`).asFact] as const);
    return { ...factsKnown(event), ...Object.fromEntries(marked) };
  }
}
