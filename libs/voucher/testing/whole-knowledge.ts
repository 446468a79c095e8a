// Knowledge of all claims and users of one voucher, made from its events.
import {
  allNeedsOf,
  decide,
  dueAt,
  isAhead,
  isRevocable,
  NotGiven,
  SLICE,
  takenOffOf,
  type ClaimRecord,
  type Decision,
  type EntryRecord,
  type Input,
  type Knowledge,
  type Need,
  type RedemptionRecord,
  type TakenOff,
  type UserRecord,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';

export class WholeKnowledge implements Knowledge {
  claims = new Map<string, ClaimRecord>();
  redemptions = new Map<string, RedemptionRecord>();
  pushed = new Set<string>();
  entries = new Map<string, EntryRecord>();
  private line: EntryRecord[] | undefined;

  record(events: readonly VoucherEvent[]): void {
    for (const { type, userId, claim, redemption, entry } of events) {
      if (entry) this.entries.set(entry.entryId, entry);
      if (entry) this.line = undefined;
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
    const live = [...this.claims.values()].filter(isRevocable);
    return live.sort(byId).slice(0, SLICE);
  }

  entryOf(userId: string): EntryRecord | null {
    const isLive = ({ state }: EntryRecord): boolean => state === 'waiting' || state === 'offered';
    return [...this.entries.values()].find((entry) => entry.userId === userId && isLive(entry)) ?? null;
  }

  waiting(count: number): EntryRecord[] {
    this.line ??= [...this.entries.values()]
      .filter(({ state }) => state === 'waiting')
      .sort((a, b) => (isAhead(a, b) ? -1 : 1));
    return this.line.slice(0, count);
  }

  dueOffers(time: number): EntryRecord[] {
    const due = this.offered().filter(({ offer }) => offer!.until <= time);
    return due.sort((a, b) => a.offer!.until - b.offer!.until || (a.entryId < b.entryId ? -1 : 1)).slice(0, SLICE);
  }

  offered(): EntryRecord[] {
    const offered = [...this.entries.values()].filter(({ state }) => state === 'offered');
    return offered.sort((a, b) => (a.entryId < b.entryId ? -1 : 1)).slice(0, SLICE);
  }

  takenOff(asked: TakenOff): number {
    return takenOffOf(this.waiting(Infinity), asked, (userId) => this.user(userId).claims);
  }
}

/** Knowledge of only the needs that it was given. */
class GivenKnowledge implements Knowledge {
  private readonly given = new Map<string, unknown>();
  private dueBy = -Infinity;
  private lapsedBy = -Infinity;
  private line = 0;
  private known: readonly EntryRecord[] = [];

  constructor(private readonly whole: WholeKnowledge) {}

  give(need: Need): void {
    if (need.what === 'due') this.dueBy = need.by;
    else if (need.what === 'live') this.given.set('live', this.whole.live());
    else if (need.what === 'due offers') this.lapsedBy = need.by;
    else if (need.what === 'waiting') this.known = this.whole.waiting((this.line = Math.max(this.line, need.count)));
    else if (need.what === 'offered') this.given.set('offered', this.whole.offered());
    else if (need.what === 'taken off') this.given.set('taken off', this.whole.takenOff(need));
    else if (need.what === 'entry') this.given.set(`entry ${need.userId}`, this.whole.entryOf(need.userId));
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

  entryOf(userId: string): EntryRecord | null | undefined {
    return this.given.get(`entry ${userId}`) as EntryRecord | null | undefined;
  }

  waiting(count: number): readonly EntryRecord[] | undefined {
    return count <= this.line || (this.line > 0 && this.known.length < this.line) ? this.known : undefined;
  }

  dueOffers(time: number): EntryRecord[] | undefined {
    return time <= this.lapsedBy ? this.whole.dueOffers(time) : undefined;
  }

  offered(): EntryRecord[] | undefined {
    return this.given.get('offered') as EntryRecord[] | undefined;
  }

  takenOff(): number | undefined {
    return this.given.get('taken off') as number | undefined;
  }
}

/**
 * Decides with exactly the needs that `allNeedsOf` names. `decide` throws if it reads more.
 * @throws NotGiven also if an event changes the count of a user that was not named
 */
export function decideAsNeeded(voucher: VoucherState | undefined, whole: WholeKnowledge, input: Input): Decision {
  const given = new GivenKnowledge(whole);
  for (let needs = allNeedsOf(voucher, given, input); needs.length > 0; needs = allNeedsOf(voucher, given, input)) {
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
