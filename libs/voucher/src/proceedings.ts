// One decision in progress: its events so far, and the voucher and claims after them.
import type { Decision, VoucherEvent } from './decision.ts';
import { isUnfinished, liveEntries, hasOffersToWithdraw, revocableClaims } from './counters.ts';
import { evolve } from './evolve.ts';
import { type Knowledge, type Need, NotGiven, type UserRecord } from './knowledge.ts';
import type { ClaimRecord, EntryRecord, RedemptionRecord, VoucherState } from './state.ts';
import { type Terms, termsOf } from './terms.ts';

/** An event without the fields that all events of the decision share. */
export type Happening = Omit<VoucherEvent, 'voucherId' | 'voucherVersion' | 'at' | 'occurredAt'> & {
  at?: number;
  occurredAt?: number;
};

export class Proceedings {
  voucher: VoucherState;
  readonly #knowledge: Knowledge;
  /** The time of the decision. */
  readonly at: number;
  /** The time of the input that brings it about. Offers stand from then on. */
  readonly now: number;
  readonly events: VoucherEvent[] = [];
  #touched: Map<string, ClaimRecord> | undefined;
  #verdict: VoucherEvent | undefined;
  /** The entries that the events so far changed, by user. */
  #entries: Map<string, EntryRecord> | undefined;
  /** No entry before this place of the known waiting ones waits any more. */
  #line = 0;

  constructor(voucher: VoucherState, knowledge: Knowledge, at: number, now = at) {
    this.voucher = voucher;
    this.#knowledge = knowledge;
    this.at = at;
    this.now = now;
  }

  get terms(): Terms {
    return termsOf(this.voucher.definition.spec);
  }

  record(happening: Happening): VoucherEvent {
    const { voucherId, definition } = this.voucher;
    const voucherVersion = (happening.definition ?? definition).version;
    const at = happening.at ?? this.at;
    const event: VoucherEvent = { ...happening, voucherId, voucherVersion, at, occurredAt: happening.occurredAt ?? at };
    this.voucher = evolve(this.voucher, event);
    this.events.push(event);
    this.#note(event);
    return event;
  }

  #note(event: VoucherEvent): void {
    const { claim, entry, submissionId } = event;
    if (submissionId !== undefined) this.#verdict = event;
    else if (claim !== undefined) (this.#touched ??= new Map()).set(claim.claimId, claim);
    if (entry !== undefined) (this.#entries ??= new Map()).set(entry.userId, entry);
  }

  /** The claim after the events so far. Undefined if it does not exist or belongs to another voucher or user. */
  claimOf(claimId: string, userId?: string): ClaimRecord | undefined {
    const claim = this.#touched?.get(claimId) ?? given(this.#knowledge.claim(claimId), `claim ${claimId}`);
    if (claim === null || claim.voucherId !== this.voucher.voucherId) return undefined;
    return userId === undefined || claim.userId === userId ? claim : undefined;
  }

  redemption(redemptionId: string): RedemptionRecord | undefined {
    return given(this.#knowledge.redemption(redemptionId), `redemption ${redemptionId}`) ?? undefined;
  }

  user(userId: string): UserRecord {
    return given(this.#knowledge.user(userId), `user ${userId}`, { what: 'user', id: userId });
  }

  /** The number of claims of this user that count for `perUser`, after the events so far. */
  claimsOf(userId: string): number {
    let { claims } = this.user(userId);
    const { type, claim, before } = this.#verdict ?? {};
    if (claim?.userId !== userId) return claims;
    if (type === 'voucher.claimed.v1') claims += 1;
    else if (before !== undefined && before !== 'released' && claim.state === 'released') claims -= 1;
    return claims;
  }

  /** The user's entry that waits or is offered a unit, after the events so far. */
  entryOf(userId: string): EntryRecord | undefined {
    const touched = this.#entries?.get(userId);
    if (touched) return isLive(touched) ? touched : undefined;
    if (liveEntries(this.voucher) === 0) return undefined;
    const need: Need = { what: 'entry', userId };
    return given(this.#knowledge.entryOf(userId), `entry of ${userId}`, need) ?? undefined;
  }

  /** The entry that is next: the first that waits, after the events so far. */
  next(): EntryRecord | undefined {
    for (; ; this.#line += 1) {
      const entry = this.#waiting(this.#line);
      if (entry === undefined || !this.#entries?.has(entry.userId)) return entry;
    }
  }

  /** The waiting entries in order, as known before the decision. */
  *line(): Generator<EntryRecord> {
    for (let place = 0; ; place += 1) {
      const entry = this.#waiting(place);
      if (entry === undefined) return;
      if (!this.#entries?.has(entry.userId)) yield entry;
    }
  }

  #waiting(place: number): EntryRecord | undefined {
    const need: Need = { what: 'waiting', count: place + 1 };
    return given(this.#knowledge.waiting(need.count), `the first ${need.count} who wait`, need)[place];
  }

  /** The offers that have lapsed at the time of the decision. */
  dueOffers(): readonly EntryRecord[] {
    const need: Need = { what: 'due offers', by: this.at };
    return given(this.#knowledge.dueOffers(this.at), `the offers that lapse by ${this.at}`, need);
  }

  /** The entries that are offered a unit. */
  offered(): readonly EntryRecord[] {
    return given(this.#knowledge.offered(), 'offered entries', { what: 'offered' });
  }

  /** The number of entries behind this one that are taken off the list before one is offered a unit. */
  takenOff(after: EntryRecord, perUser: number): number {
    const { userId } = this.#verdict?.claim ?? {};
    const spared = userId !== undefined && this.claimsOf(userId) < perUser ? userId : undefined;
    const need: Need = { what: 'taken off', after, perUser, spared };
    return given(this.#knowledge.takenOff(need), `who is taken off after ${after.entryId}`, need);
  }

  /** A decision at the same time that goes on from this state. */
  from(voucher: VoucherState): Proceedings {
    return new Proceedings(voucher, this.#knowledge, this.at, this.now);
  }

  /** The claims that are due at the time of the decision. */
  due(): readonly ClaimRecord[] {
    return given(this.#knowledge.due(this.at), `what is due by ${this.at}`);
  }

  /** The held and locked claims that are not reserved. */
  live(): readonly ClaimRecord[] {
    return given(this.#knowledge.live(), 'held and locked claims');
  }

  /**
   * Ends the slice. Claims that a termination revokes, and offers that are withdrawn, follow in slices of their own.
   * @param isWhole false if the slice was too full for what comes next
   * @param offersToCome gives the number of events with which unfinished offers go on
   */
  end(isWhole = true, offersToCome: (proceedings: Proceedings) => number = () => 0): Decision {
    const { events, voucher } = this;
    const verdict = events.findIndex((event) => event.submissionId !== undefined);
    if (verdict !== -1) {
      const toCome = voucher.offering ? offersToCome(this) : this.toTakeBack;
      const following = events.length - 1 - verdict + toCome;
      if (following > 0) events[verdict]!.followedBy = following;
    }
    return { events, voucher, more: !isWhole || isUnfinished(voucher) };
  }

  /** The number of claims and offers that must be revoked and withdrawn. */
  get toTakeBack(): number {
    const { voucher } = this;
    const revoked = voucher.revoking ? revocableClaims(voucher) : 0;
    return revoked + (hasOffersToWithdraw(voucher) ? voucher.counters.offered : 0);
  }

  /**
   * Runs `act`, which records an event and then its offers. If the offers do not fit the slice, the event waits for the
   * next one, unless it is the first of its slice: then the offers go on in the next one.
   * @returns false if the slice is full
   */
  whole(act: () => boolean): boolean {
    const { voucher, events } = this;
    const count = events.length;
    if (act()) return true;
    if (count === 0) return false;
    this.voucher = voucher;
    events.length = count;
    this.#touched = this.#entries = this.#verdict = undefined;
    this.#line = 0;
    for (const event of events) this.#note(event);
    return false;
  }

  /** Ends a full slice. The same input is decided again after it. */
  pause(): Decision {
    return { events: this.events, voucher: this.voucher, more: true };
  }
}

const isLive = ({ state }: EntryRecord): boolean => state === 'waiting' || state === 'offered';

function given<T>(known: T | undefined, what: string, need?: Need): T {
  if (known === undefined) throw new NotGiven(what, need);
  return known;
}
