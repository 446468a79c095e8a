// Makes a partition's projections from its events alone, in tables of their own beside the live ones. Nothing that was
// decided in memory takes part in it: what comes out must be what the ledger wrote.
import type { EventsReader, LedgerStore, Batch, Cursor, StoredEvent, UserRow } from '@vouchers/event-store';
import { ContextReader } from '@vouchers/event-store';
import { evolve, type RedemptionRecord, type VoucherEvent, type VoucherState } from '@vouchers/voucher';
import type { Facts } from '@vouchers/contracts';
import type { KnownClaim } from '../deciding/known.claim.ts';
import { claimRow, knownClaim, redemptionRow, voucherRow } from '../deciding/projection.rows.ts';
import { eventOf } from '../history/voucher.history.ts';

const PAGE = 2_000;

export class PartitionReplay {
  private readonly states = new Map<string, VoucherState>();
  private readonly reader: ContextReader;
  private cursor: Cursor | undefined;
  /** The next event to replay. */
  nextSeq = 1;

  /** @param target a store on the rebuilt tables; @param source events of the live ones. */
  constructor(
    private readonly partition: number,
    private readonly target: LedgerStore,
    private readonly source: EventsReader,
  ) {
    this.reader = new ContextReader(target);
  }

  /** Replays up to `head` (exclusive), a page a transaction. */
  async until(head: number): Promise<void> {
    while (this.nextSeq < head) {
      const events = await this.source.from(this.partition, this.nextSeq, Math.min(PAGE, head - this.nextSeq));
      if (events.at(0)?.seq !== this.nextSeq) throw new Error(`a hole at ${this.partition}:${this.nextSeq}`);
      await this.write(await this.project(events));
      this.nextSeq = events.at(-1)!.seq + 1;
    }
  }

  private async write(
    rows: Pick<
      Batch,
      'vouchers' | 'newClaims' | 'changedClaims' | 'changedUsers' | 'newRedemptions' | 'changedRedemptions'
    >,
  ): Promise<void> {
    this.cursor ??= await this.target.open(this.partition, { clusterId: '', topicId: '', endOffset: Infinity });
    const nextOffset = this.cursor.nextOffset + 1;
    const none = { events: [], checkpoints: [], newUsers: [] };
    this.cursor = await this.target.append({
      partition: this.partition,
      from: this.cursor,
      nextOffset,
      decidedAt: 0,
      ...none,
      ...rows,
    });
  }

  private async project(stored: readonly StoredEvent[]) {
    const events = stored.map((event) => ({ event: withFacts(event), seq: event.seq }));
    const claims = await this.claimsOf(events.map(({ event }) => event));
    const users = await this.usersOf(events.map(({ event }) => event));
    const [newClaims, changedClaims] = [new Set<string>(), new Set<string>()];
    const redemptions = new Map<string, { redemption: RedemptionRecord; isNew: boolean }>();
    const [vouchers, defined] = [new Set<string>(), new Set<string>()];
    for (const { event, seq } of events) {
      const state = evolve(this.states.get(event.voucherId), event);
      state.head.seq = seq;
      this.states.set(event.voucherId, state);
      vouchers.add(event.voucherId);
      if (event.type === 'voucher.defined.v1') defined.add(event.voucherId);
      if (event.reason !== undefined) continue;
      if (event.claim) {
        const isNew = event.type === 'voucher.claimed.v1';
        const before = claims.get(event.claim.claimId);
        const facts = isNew ? event.claim.facts : before!.record.facts;
        claims.set(event.claim.claimId, {
          record: { ...event.claim, facts },
          claimedSeq: isNew ? seq : before!.claimedSeq,
        });
        if (isNew) newClaims.add(event.claim.claimId);
        else if (!newClaims.has(event.claim.claimId)) changedClaims.add(event.claim.claimId);
      }
      const user = users.get(keyOf(event));
      if (user) count(user, event);
      if (event.redemption) {
        const { redemptionId } = event.redemption;
        const isNew = event.type === 'voucher.redeemed.v1' || redemptions.get(redemptionId)?.isNew === true;
        redemptions.set(redemptionId, { redemption: event.redemption, isNew });
      }
    }
    const known = [...redemptions.values()];
    return {
      vouchers: [...vouchers].map((id) => voucherRow(this.states.get(id)!, null, defined.has(id))),
      newClaims: [...newClaims].map((id) => claimRow(claims.get(id)!)),
      changedClaims: [...changedClaims].map((id) => claimRow(claims.get(id)!)),
      changedUsers: [...users.values()],
      newRedemptions: known.filter(({ isNew }) => isNew).map(({ redemption }) => redemptionRow(redemption)),
      changedRedemptions: known.filter(({ isNew }) => !isNew).map(({ redemption }) => redemptionRow(redemption)),
    };
  }

  private async claimsOf(events: readonly VoucherEvent[]): Promise<Map<string, KnownClaim>> {
    const ids = new Set(events.flatMap(({ claim }) => claim?.claimId ?? []));
    const rows = await this.reader.claims(this.partition, [...ids]);
    return new Map(rows.map((row) => [row.claimId, knownClaim(row)]));
  }

  private async usersOf(events: readonly VoucherEvent[]): Promise<Map<string, UserRow>> {
    const touched = events.filter(changesUser);
    const users = new Map<string, UserRow>(
      touched.map((event) => [
        keyOf(event),
        { voucherId: event.voucherId, userId: userOf(event), pushed: false, claims: 0 },
      ]),
    );
    for (const row of await this.reader.users(this.partition, [...users.values()]))
      users.set(`${row.voucherId} ${row.userId}`, row);
    return users;
  }
}

function withFacts(stored: StoredEvent): VoucherEvent {
  const event = eventOf(stored);
  if (stored.type !== 'voucher.claimed.v1') return event;
  const facts = stored.facts === null ? {} : (JSON.parse(stored.facts) as Facts);
  return { ...event, claim: { ...event.claim!, facts } };
}

const userOf = (event: VoucherEvent): string => event.claim?.userId ?? event.userId!;
const keyOf = (event: VoucherEvent): string => `${event.voucherId} ${event.claim?.userId ?? event.userId}`;
const isReturned = ({ claim, before }: VoucherEvent): boolean => claim?.state === 'released' && before !== 'released';

function changesUser(event: VoucherEvent): boolean {
  if (event.reason !== undefined) return false;
  return event.type === 'voucher.pushed.v1' || event.type === 'voucher.claimed.v1' || isReturned(event);
}

function count(user: UserRow, event: VoucherEvent): void {
  if (event.type === 'voucher.pushed.v1') user.pushed = true;
  else if (event.type === 'voucher.claimed.v1') user.claims += 1;
  else if (isReturned(event)) user.claims -= 1;
}
