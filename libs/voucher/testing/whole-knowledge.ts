// Knowledge of all claims and users of one voucher, made from its events.
import {
  decide,
  dueAt,
  needsOf,
  NotGiven,
  SLICE,
  type ClaimRecord,
  type Decision,
  type Input,
  type Knowledge,
  type Need,
  type RedemptionRecord,
  type UserRecord,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';

export class WholeKnowledge implements Knowledge {
  claims = new Map<string, ClaimRecord>();
  redemptions = new Map<string, RedemptionRecord>();
  pushed = new Set<string>();

  record(events: readonly VoucherEvent[]): void {
    for (const { type, userId, claim, redemption } of events) {
      if (type === 'voucher.pushed.v1') this.pushed.add(userId!);
      if (claim) this.claims.set(claim.claimId, claim);
      if (redemption) this.redemptions.set(redemption.redemptionId, redemption);
    }
  }

  claim(claimId: string): ClaimRecord | null {
    return this.claims.get(claimId) ?? null;
  }

  redemption(redemptionId: string): RedemptionRecord | null {
    return this.redemptions.get(redemptionId) ?? null;
  }

  user(userId: string): UserRecord {
    const claims = [...this.claims.values()].filter(
      (claim) => claim.userId === userId && claim.state !== 'released',
    ).length;
    return { pushed: this.pushed.has(userId), claims };
  }

  knowsUser(): boolean {
    return true;
  }

  due(time: number): ClaimRecord[] {
    const due = [...this.claims.values()].filter((claim) => (dueAt(claim) ?? Infinity) <= time);
    return due.sort((a, b) => dueAt(a)! - dueAt(b)! || byId(a, b)).slice(0, SLICE);
  }

  live(): ClaimRecord[] {
    const live = [...this.claims.values()].filter(({ state }) => state === 'held' || state === 'locked');
    return live.sort(byId).slice(0, SLICE);
  }
}

/** Knowledge of only the needs that it was given. */
class GivenKnowledge implements Knowledge {
  private readonly given = new Map<string, unknown>();
  private dueBy = -Infinity;

  constructor(private readonly whole: WholeKnowledge) {}

  give(need: Need): void {
    if (need.what === 'due') this.dueBy = need.by;
    else if (need.what === 'live') this.given.set('live', this.whole.live());
    else this.given.set(`${need.what} ${need.id}`, this.whole[need.what](need.id));
  }

  claim(claimId: string): ClaimRecord | null | undefined {
    return this.given.get(`claim ${claimId}`) as ClaimRecord | null | undefined;
  }

  redemption(redemptionId: string): RedemptionRecord | null | undefined {
    return this.given.get(`redemption ${redemptionId}`) as RedemptionRecord | null | undefined;
  }

  user(userId: string): UserRecord | undefined {
    return this.given.get(`user ${userId}`) as UserRecord | undefined;
  }

  knowsUser(userId: string): boolean {
    return this.user(userId) !== undefined;
  }

  due(time: number): ClaimRecord[] | undefined {
    return time <= this.dueBy ? this.whole.due(time) : undefined;
  }

  live(): ClaimRecord[] | undefined {
    return this.given.get('live') as ClaimRecord[] | undefined;
  }
}

/**
 * Decides with exactly the needs that `needsOf` names. `decide` throws if it reads more.
 * @throws NotGiven also if an event changes the count of a user that was not named
 */
export function decideAsNeeded(voucher: VoucherState | undefined, whole: WholeKnowledge, input: Input): Decision {
  const given = new GivenKnowledge(whole);
  for (let needs = needsOf(voucher, given, input); needs.length > 0; needs = needsOf(voucher, given, input)) {
    for (const need of needs) given.give(need);
  }
  const decision = decide(voucher, given, input);
  for (const { type, reason, claim, before } of decision.events) {
    const isCounted =
      type === 'voucher.claimed.v1' || (!reason && claim?.state === 'released' && before !== 'released');
    if (isCounted && given.user(claim!.userId) === undefined) throw new NotGiven(`user ${claim!.userId}`);
  }
  return decision;
}

function byId(a: ClaimRecord, b: ClaimRecord): number {
  return a.claimId < b.claimId ? -1 : 1;
}
