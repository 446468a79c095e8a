// Random histories of a voucher with a waiting list, through the ledger on Postgres. The domain with all knowledge says
// what must happen. The owner is replaced again and again, so that everything it knows is dropped and loaded.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Proof, Submission } from '@vouchers/contracts';
import {
  decide,
  dueAt,
  encodeEvent,
  isAhead,
  settledTime,
  SLICE,
  type ClaimRecord,
  type EntryRecord,
  type Input,
  type Knowledge,
  type RedemptionRecord,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';
import { definitionOf } from '../../testing/running-ledger.ts';
import { START, TestPartition, WINDOWS } from '../../testing/partition.ts';
import { Replaying } from '../history/replays.ts';
import { rebuild } from '../rebuild/rebuild.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 0x1_0000_0000);
const HISTORIES = 12;
const RECORDS = 60;
const HOUR_MS = 3_600_000;

/** Everything about one voucher, in the simplest form. */
class Expected implements Knowledge {
  voucher: VoucherState | undefined;
  readonly events: VoucherEvent[] = [];
  readonly claims = new Map<string, ClaimRecord>();
  readonly redemptions = new Map<string, RedemptionRecord>();
  readonly entries = new Map<string, EntryRecord>();

  take(input: Input): void {
    for (let more = true; more;) {
      const decision = decide(this.voucher, this, input);
      for (const event of decision.events) {
        const { claim, redemption, entry } = event;
        if (claim) this.claims.set(claim.claimId, claim);
        if (redemption) this.redemptions.set(redemption.redemptionId, redemption);
        if (entry) this.entries.set(entry.entryId, entry);
      }
      this.events.push(...decision.events);
      this.voucher = decision.voucher;
      more = decision.more;
    }
  }

  claim = (id: string): ClaimRecord | null => this.claims.get(id) ?? null;
  redemption = (id: string): RedemptionRecord | null => this.redemptions.get(id) ?? null;
  user = (userId: string) => {
    const theirs = [...this.claims.values()].filter((claim) => claim.userId === userId && claim.state !== 'released');
    return { pushed: false, claims: theirs.length };
  };
  knowsUser = (): boolean => true;
  due = (time: number): ClaimRecord[] =>
    [...this.claims.values()]
      .filter((claim) => (dueAt(claim) ?? Infinity) <= time)
      .sort((a, b) => dueAt(a)! - dueAt(b)! || (a.claimId < b.claimId ? -1 : 1))
      .slice(0, SLICE);
  live = (): ClaimRecord[] =>
    [...this.claims.values()]
      .filter(({ state }) => state === 'held' || state === 'locked')
      .sort((a, b) => (a.claimId < b.claimId ? -1 : 1))
      .slice(0, SLICE);
  entryOf = (userId: string): EntryRecord | null =>
    [...this.entries.values()].find((entry) => entry.userId === userId && entry.endedAt === undefined) ?? null;
  waiting = (): EntryRecord[] => this.of('waiting').sort((a, b) => (isAhead(a, b) ? -1 : 1));
  dueOffers = (time: number): EntryRecord[] =>
    this.of('offered')
      .filter(({ offer }) => offer!.until <= time)
      .sort((a, b) => a.offer!.until - b.offer!.until || (a.entryId < b.entryId ? -1 : 1));
  offered = (): EntryRecord[] => this.of('offered').sort((a, b) => (a.entryId < b.entryId ? -1 : 1));

  private of(state: EntryRecord['state']): EntryRecord[] {
    return [...this.entries.values()].filter((entry) => entry.state === state);
  }
}

/** mulberry32 (Tommy Ettinger, public domain). */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

describe(`the ledger with waiting lists (SEED=${SEED})`, () => {
  const partition = new TestPartition();
  const vouchers: string[] = [];
  beforeAll(() => partition.create('waiting').then(() => undefined));
  afterAll(() => partition.drop());

  const specOf = (random: (below: number) => number) => ({
    quantities: { push: null, claim: 1 + random(3), redeem: null },
    windows: {
      ...WINDOWS,
      use: { afterClaim: { delay: 'PT0S', length: ['PT30M', 'PT2H', 'PT5H'][random(3)]! } },
    },
    ...(random(8) > 0 && {
      waitingList: {
        limit: random(3) === 0 ? 3 : null,
        rank: ['0', 'user.score', 'counters.joined'][random(3)]!,
        offerFor: ['PT10M', 'PT1H'][random(2)]!,
        minUse: 'PT0S',
      },
    }),
    ...(random(2) === 0 && { notices: ['PT15M', 'PT1H'] }),
    ...(random(2) === 0 && { extension: { length: 'PT1H', times: 2 } }),
  });

  function submissionOf(random: (below: number) => number, voucherId: string, expected: Expected): Submission {
    const asked = { submissionId: partition.id(), voucherId, at: new Date(partition.now).toISOString() };
    const base = { ...asked, asker: 'a', bodyHash: 'b' };
    const userId = `user-${random(6)}`;
    const live = expected.live();
    const claim = live[random(Math.max(1, live.length))];
    const attributes = { score: random(4) };
    const kind = random(20);
    if (claim && kind < 3) return { ...base, kind: 'release', claimId: claim.claimId, userId: claim.userId };
    if (claim && kind < 5) return { ...base, kind: 'extension', claimId: claim.claimId, userId: claim.userId };
    if (claim && kind < 6) return { ...base, kind: 'revoke', claimId: claim.claimId, reason: 'fraud' };
    if (claim && kind < 7)
      return { ...base, kind: 'lock', claimId: claim.claimId, userId: claim.userId, orderId: 'o', ttlSeconds: 600 };
    if (kind < 9) return { ...base, kind: 'leave', userId };
    const offered = expected.offered()[0]?.userId ?? userId;
    if (kind < 14) return { ...base, kind: 'claim', claimId: partition.id(), userId: offered, attributes };
    return { ...base, kind: 'join', entryId: partition.id(), userId, attributes };
  }

  it('decides random histories as the domain does, and forgets everything again and again', async () => {
    const types = new Set<string>();
    for (let history = 0; history < HISTORIES; history += 1) {
      const random = randomOf(SEED + history);
      partition.now = START;
      const from = partition.records.length;
      const expected = new Expected();
      const voucherId = partition.id();
      vouchers.push(voucherId);
      let version = 0;
      const define = (intent: 'published' | 'paused', spec = specOf(random)): void => {
        const value = { ...definitionOf(voucherId, spec, (version += 1)), intent };
        partition.append('voucher.definition.v1', voucherId, value);
        expected.take({ type: 'definition', at: partition.now, value });
      };
      define('published');
      for (let record = 0; record < RECORDS; record += 1) {
        partition.now += [0, 1, 60_000, 600_000, 1_800_000][random(5)]!;
        if (partition.now > START + 20 * HOUR_MS) break;
        const what = random(20);
        if (what === 0) define('paused', expected.voucher!.definition.spec as never);
        else if (what === 1) define('published');
        else if (what < 4) {
          partition.tick();
          expected.take({ type: 'tick', at: settledTime(partition.now, partition.now, 'wall') });
        } else {
          const value = submissionOf(random, voucherId, expected);
          partition.submit(value);
          expected.take({ type: 'submission', at: partition.now, value });
        }
      }
      for (let at = from; at < partition.records.length;) {
        const size = 1 + random(20);
        const records = partition.records;
        const upTo = Math.min(records.length, at + size);
        const owner = await partition.owner();
        await owner.handle(partition.batch(records.slice(at, upTo)));
        await owner.settled();
        at = upTo;
      }
      const stored = (await partition.events()).filter((event) => event.voucherId === voucherId);
      const told = stored.map(({ type, submissionId, data }) => ({
        type,
        submissionId,
        data: { ...(JSON.parse(data.toString()) as object), decidedAt: undefined },
      }));
      const wanted = expected.events.map((event) => {
        const { team, spec } = event.definition ?? expected.voucher!.definition;
        const data = encodeEvent(event, { decidedAt: 0, team, labels: spec.labels });
        types.add(event.type);
        return {
          type: event.type,
          submissionId: event.submissionId ?? null,
          data: { ...(JSON.parse(JSON.stringify(data)) as object), decidedAt: undefined },
        };
      });
      expect([history, told]).toEqual([history, wanted]);
    }
    expect(types.size).toBeGreaterThan(15);
  }, 120_000);

  it('has entries that follow from the events, as proof and rebuild find', async () => {
    const budget = { spend: () => undefined, pause: () => undefined };
    for (const voucherId of vouchers) {
      const replaying = new Replaying(partition.store.pools.readers, { partition: 0, voucherId }, budget as never);
      const proof = (await replaying.answer({ kind: 'proof', partition: 0, voucherId, full: true })) as Proof;
      expect([proof.holds, proof.checks.filter(({ passed }) => !passed)]).toEqual([true, []]);
    }
    expect((await rebuild(partition.database.url)).differences).toEqual([]);
  }, 60_000);

  it('finds entries that do not follow from the events', async () => {
    const { pool } = partition.database;
    const { rows } = await pool.query<{ id: string }>(
      'UPDATE entries SET rank = rank + 1 WHERE entry_id = (SELECT min(entry_id::text)::uuid FROM entries) RETURNING voucher_id AS id',
    );
    const [voucherId] = rows.map(({ id }) => id);
    const budget = { spend: () => undefined, pause: () => undefined };
    const key = { partition: 0, voucherId: voucherId! };
    const replaying = new Replaying(partition.store.pools.readers, key, budget as never);
    const proof = (await replaying.answer({ kind: 'proof', ...key, full: true })) as Proof;
    expect(proof.checks.filter(({ passed }) => !passed).map(({ check }) => check)).toEqual(['entries']);
    expect((await rebuild(partition.database.url)).differences.length).toBe(2);
    expect((await rebuild(partition.database.url)).differences).toEqual([]);
  }, 60_000);

  it('names a forgotten user nowhere', async () => {
    const { pool } = partition.database;
    const { rows } = await pool.query<{ seq: string }>(`SELECT seq FROM events WHERE user_id = 'user-1' ORDER BY seq`);
    expect(rows.length).toBeGreaterThan(5);
    const mentioned = JSON.stringify(rows.map(({ seq }) => ({ seq: Number(seq) })));
    await pool.query(`SELECT forget_user(0, 'user-1', 'forgotten-1', 'salt', 1000000, $1, '{}')`, [mentioned]);
    const left = await pool.query(
      `SELECT user_id FROM entries WHERE user_id = 'user-1'
       UNION ALL SELECT user_id FROM events WHERE data::text LIKE '%"user-1"%' OR user_id = 'user-1'`,
    );
    expect(left.rows).toEqual([]);
    const entries = await pool.query("SELECT FROM entries WHERE user_id = 'forgotten-1'");
    expect(entries.rowCount).toBeGreaterThan(0);
  });

  it('of an earlier release does not store a voucher with a waiting list', async () => {
    const { pool } = partition.database;
    const insert = `INSERT INTO vouchers (partition, voucher_id, status, enabled, revoking, time, last_version, head_seq,
      head_at, counters, definition, labels)
      SELECT 7, voucher_id, status, enabled, revoking, time, last_version, head_seq, head_at, counters, $2::json, labels
      FROM vouchers WHERE voucher_id = $1`;
    const definition = (spec: object): string => JSON.stringify({ team: 't', spec });
    await expect(pool.query(insert, [vouchers[0], definition({ waitingList: {} })])).rejects.toThrow('upgrade it');
    await expect(pool.query(insert, [vouchers[0], definition({ notices: ['P1D'] })])).rejects.toMatchObject({
      code: '55000',
    });
    await pool.query(insert, [vouchers[0], definition({})]);
    await pool.query('DELETE FROM vouchers WHERE partition = 7');
  });
});
