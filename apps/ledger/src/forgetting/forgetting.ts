// Forgets users in the order of the partition's records, with nothing else in flight. The request is stored, and its
// search begins. When the record comes that tells that the search is done, one transaction changes all rows that name
// the user, and adds the event. Memory about the partition is dropped then.
import { USER_FORGOTTEN, type EventData } from '@vouchers/contracts';
import {
  attestationOf,
  forgetStatement,
  forgottenStatement,
  noteStatement,
  pseudonymOf,
  type ContextReader,
  type Cursor,
  type Forgetting,
  type Mention,
} from '@vouchers/event-store';
import {
  evolve,
  factsForUse,
  isRevocable,
  leaveForgotten,
  type ClaimRecord,
  type Decision,
  type VoucherEvent,
} from '@vouchers/voucher';
import { BatchDraft } from '../deciding/batch.draft.ts';
import type { Committing } from '../deciding/commit.ts';
import type { Knowing } from '../deciding/know.ts';
import type { ReadRecord } from '../deciding/select.ts';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import { knownClaim } from '../knowledge/projection.rows.ts';
import type { UserSearches } from './user.searches.ts';

/** The most claims that one transaction unlocks. */
const UNLOCKED_AT_ONCE = 1_000;
/** The most hashes of askers that an event tells. A user has one per service that asks in the user's place. */
const MOST_ASKERS = 1_000;

export interface ForgettingSurroundings {
  partition: number;
  reader: ContextReader;
  clock: () => number;
  knowledge: PartitionKnowledge;
  knowing: Knowing;
  committing: Committing;
  searches: UserSearches;
  /** Gives the salt of an event whose submission brings none. */
  saltOf: (submissionId: string) => string;
}

export class ForgettingUsers {
  /** Throws if the partition was lost. */
  private mustOwn: () => void = () => undefined;

  constructor(private readonly around: ForgettingSurroundings) {}

  /** Carries the record out. Nothing else is in flight before and after. @returns the cursor after it */
  async carryOut({ parsed, offset, brokerTime }: ReadRecord, cursor: Cursor, mustOwn: () => void): Promise<Cursor> {
    this.mustOwn = mustOwn;
    await this.around.committing.settled();
    if (parsed.type === 'forget') {
      const { forgettingId, userId, salt, by } = parsed.value;
      const askedBy = JSON.stringify(by);
      const { partition } = this.around;
      return this.note({ partition, forgettingId, userId, salt, askedAt: parsed.at, askedBy }, offset, cursor);
    }
    if (parsed.type === 'forget-now') return this.forget(parsed.forgettingId, { offset, brokerTime }, cursor);
    throw new Error(`a ${parsed.type} forgets nobody`);
  }

  private async note(forgetting: Forgetting, offset: number, cursor: Cursor): Promise<Cursor> {
    const draft = this.draft(cursor, offset + 1);
    const isRepeated = await this.around.knowing.wasDecided(forgetting.forgettingId);
    if (!isRepeated) draft.before.push(noteStatement(forgetting));
    const after = await this.write(draft);
    if (!isRepeated) this.around.searches.begin(forgetting, after.nextSeq);
    return after;
  }

  private async forget(
    forgettingId: string,
    { offset, brokerTime }: Pick<ReadRecord, 'offset' | 'brokerTime'>,
    cursor: Cursor,
  ): Promise<Cursor> {
    const search = this.around.searches.of(forgettingId);
    // Two owners may each have appended the record. The first record counts.
    if (!search) return this.write(this.draft(cursor, offset + 1));
    const { forgetting } = search;
    const found = await search.before(cursor.nextSeq);
    const unlocked = await this.unlockAll(found, forgetting.userId, cursor);
    const left = await this.leaveAll(found, forgetting.userId, brokerTime, unlocked);
    const draft = this.draft(left, offset + 1);
    await this.addForgotten(draft, forgetting, await search.before(left.nextSeq));
    const after = await this.write(draft);
    this.around.searches.end(forgettingId);
    this.around.knowledge.drop();
    return after;
  }

  private async addForgotten(draft: BatchDraft, forgetting: Forgetting, mentions: readonly Mention[]): Promise<void> {
    const { forgettingId, userId, salt, askedAt, askedBy } = forgetting;
    const pseudonym = pseudonymOf(forgetting);
    const own = mentions.filter((mention) => mention.own);
    const askers = [...new Set(own.flatMap(({ asker }) => asker ?? []))].slice(0, MOST_ASKERS);
    const kept = await this.keptFacts(await this.claimsOf(own, userId));
    draft.before.push(
      forgetStatement(forgetting, draft.nextSeq, mentions, kept),
      forgottenStatement(forgetting, draft.nextSeq, askers),
    );
    const by = JSON.parse(askedBy) as NonNullable<EventData['by']>;
    const at = new Date(askedAt).toISOString();
    const changed = mentions.flatMap(({ forgotten }) => forgotten ?? []);
    const said: EventData = {
      voucherVersion: 1,
      team: by.team,
      labels: {},
      at,
      occurredAt: at,
      decidedAt: new Date(draft.decidedAt).toISOString(),
      by: by.sub === userId ? { sub: pseudonym, team: by.team } : by,
      forgotten: { forgettingId, pseudonym, events: changed.length, attestation: attestationOf(changed) },
    };
    draft.addAlone(USER_FORGOTTEN, forgettingId, said, {
      salt: this.around.saltOf(forgettingId),
      disclosed: JSON.stringify({ userId, salt, askers }),
    });
  }

  /**
   * Ends the locks of the user's claims, since a lock names an order. The claims stay held, so their orders can still
   * use them. The lock of an order call stands until its call ends it: the order's id becomes a hash in it.
   */
  private async unlockAll(mentions: readonly Mention[], userId: string, cursor: Cursor): Promise<Cursor> {
    let at = cursor;
    const claims = await this.claimsOf(mentions, userId);
    const locked = claims.filter((claim) => claim.state === 'locked' && isRevocable(claim));
    for (let done = 0; done < locked.length; done += UNLOCKED_AT_ONCE) {
      const draft = this.draft(at);
      for (const claim of locked.slice(done, done + UNLOCKED_AT_ONCE)) await this.unlock(claim, draft);
      at = await this.write(draft);
    }
    return at;
  }

  private async unlock({ lock: _, ...rest }: ClaimRecord, draft: BatchDraft): Promise<void> {
    await this.around.knowing.ofClaim(rest.voucherId, rest.claimId, draft);
    const voucher = this.around.knowledge.voucher(rest.voucherId)!;
    const state = voucher.state!;
    const event: VoucherEvent = {
      type: 'voucher.unlocked.v1',
      voucherId: rest.voucherId,
      voucherVersion: state.definition.version,
      at: state.time,
      occurredAt: state.time,
      userId: rest.userId,
      claim: { ...rest, state: 'held' },
      before: 'locked',
    };
    draft.add(voucher, [event], evolve(state, event));
  }

  /** Takes the user off all waiting lists: a unit must not be set aside for somebody who is unknown. */
  private async leaveAll(
    mentions: readonly Mention[],
    userId: string,
    brokerTime: number,
    cursor: Cursor,
  ): Promise<Cursor> {
    const { reader, partition, knowing } = this.around;
    const seqs = mentions.filter(({ own }) => own).map(({ seq }) => seq);
    let at = cursor;
    let draft: BatchDraft | undefined;
    for (const voucherId of await reader.vouchersWaitedFor(partition, userId, seqs)) {
      for (let more = true; more;) {
        draft ??= this.draft(at);
        const voucher = await knowing.ofVoucher(voucherId, draft);
        const leaving = (): Decision => leaveForgotten(voucher.state!, voucher, userId, brokerTime);
        await knowing.ofDecision(voucher, leaving);
        const decision = leaving();
        if (decision.events.length > 0) draft.add(voucher, decision.events, decision.voucher!);
        more = decision.more;
        if (!draft.isFull && !more) continue;
        at = await this.write(draft);
        draft = undefined;
      }
    }
    return draft ? this.write(draft) : at;
  }

  private async claimsOf(mentions: readonly Mention[], userId: string): Promise<ClaimRecord[]> {
    const ids = new Set(mentions.flatMap(({ own, claimId }) => (own && claimId !== null ? [claimId] : [])));
    const rows = await this.around.reader.claims(this.around.partition, [...ids]);
    return rows.map((row) => knownClaim(row).record).filter((claim) => claim.userId === userId);
  }

  /** The facts that use rules ask for, by the voucher of a claim that lives or may live again: it must stay usable. */
  private async keptFacts(claims: readonly ClaimRecord[]): Promise<Record<string, readonly string[]>> {
    const mayLive = claims.filter(({ state }) => state === 'held' || state === 'locked' || state === 'redeemed');
    const live = new Set(mayLive.map(({ voucherId }) => voucherId));
    const rows = await this.around.reader.vouchers(this.around.partition, [...live]);
    return Object.fromEntries(rows.map(({ voucherId, definition }) => [voucherId, factsForUse(definition)]));
  }

  private draft(cursor: Cursor, nextOffset = cursor.nextOffset): BatchDraft {
    const draft = new BatchDraft(this.around.partition, cursor, this.around.clock(), this.around.knowledge);
    draft.nextOffset = nextOffset;
    return draft;
  }

  private async write(draft: BatchDraft): Promise<Cursor> {
    this.mustOwn();
    const cursor = await this.around.committing.draft(draft);
    await this.around.committing.settled();
    return cursor;
  }
}
