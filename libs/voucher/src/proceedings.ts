// One decision in progress: its events so far, and the voucher and claims after them.
import type { Decision, VoucherEvent } from './decision.ts';
import { liveClaims } from './counters.ts';
import { evolve } from './evolve.ts';
import { NotGiven, type Knowledge, type UserRecord } from './knowledge.ts';
import type { ClaimRecord, RedemptionRecord, VoucherState } from './state.ts';
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
  readonly events: VoucherEvent[] = [];
  #touched: Map<string, ClaimRecord> | undefined;

  constructor(voucher: VoucherState, knowledge: Knowledge, at: number) {
    this.voucher = voucher;
    this.#knowledge = knowledge;
    this.at = at;
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
    if (event.claim !== undefined && event.submissionId === undefined) {
      (this.#touched ??= new Map()).set(event.claim.claimId, event.claim);
    }
    return event;
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
    return given(this.#knowledge.user(userId), `user ${userId}`);
  }

  /** The claims that are due at the time of the decision. */
  due(): readonly ClaimRecord[] {
    return given(this.#knowledge.due(this.at), `what is due by ${this.at}`);
  }

  /** The held and locked claims. */
  live(): readonly ClaimRecord[] {
    return given(this.#knowledge.live(), 'held and locked claims');
  }

  /** Ends the slice. If a termination revokes claims, they follow in slices of their own. */
  end(): Decision {
    const { events, voucher } = this;
    const verdict = events.findIndex((event) => event.submissionId !== undefined);
    if (verdict !== -1) {
      const following = events.length - 1 - verdict + (voucher.revoking ? liveClaims(voucher) : 0);
      if (following > 0) events[verdict]!.followedBy = following;
    }
    return { events, voucher, more: voucher.revoking };
  }

  /** Ends a full slice. The same input is decided again after it. */
  pause(): Decision {
    return { events: this.events, voucher: this.voucher, more: true };
  }
}

function given<T>(known: T | undefined, what: string): T {
  if (known === undefined) throw new NotGiven(what);
  return known;
}
