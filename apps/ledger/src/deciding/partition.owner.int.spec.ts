import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fenced, type StoredEvent } from '@vouchers/event-store';
import { Halt } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { KnowledgeBudget } from '../knowledge/knowledge.budget.ts';
import { START, TestPartition, WINDOWS } from '../../testing/partition.ts';

const users = (count: number): string[] => Array.from({ length: count }, (_, index) => `user-${index}`);
/** The events as text, because Jest compares texts much faster than thousands of buffers. */
const textOf = ({ seq, data }: StoredEvent): string => `${seq} ${data.toString()}`;
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('the owner of a partition', () => {
  let partition: TestPartition;
  beforeEach(async () => {
    partition = await new TestPartition().create('owner');
  });
  afterEach(() => partition.drop());

  const published = async (): Promise<number[]> => {
    const rows = await partition.events();
    await eventually('all are published', () => new Set(partition.published.map(({ seq }) => seq)).size >= rows.length);
    return partition.published.map(({ seq }) => seq);
  };

  it('cannot write if there is a newer owner, and its decisions leave no trace', async () => {
    const voucherId = partition.define();
    partition.submit(...users(10).map((user) => partition.claim(voucherId, user)));
    const [older, newer] = [await partition.owner(), await partition.owner()];
    await partition.run(newer);
    const before = await partition.events();
    await expect(partition.run(older)).rejects.toThrow(Fenced);
    expect(await partition.events()).toEqual(before);
    // After that error it reads the cursor and finds nothing left to do.
    expect(await partition.open(older)).toBe(partition.records.length);
    await partition.run(older);
    expect(await partition.events()).toEqual(before);
  });

  it.each(['before-commit', 'after-commit'] as const)(
    'loses nothing and decides nothing twice by a crash %s',
    async (point) => {
      const voucherId = partition.define();
      partition.submit(...users(60).map((user) => partition.claim(voucherId, user)));
      let calls = 0;
      const crashing = await partition.owner({
        at: (where) => {
          if (where === point && (calls += 1) === 2) throw new Error('killed');
        },
      });
      await expect(partition.run(crashing, 0, 20)).rejects.toThrow('killed');
      const successor = await partition.owner();
      await partition.run(successor);
      expect(await partition.types()).toMatchObject({ 'voucher.claimed.v1': 60 });
      expect([...new Set(await published())].sort((a, b) => a - b)).toEqual(upTo((await partition.events()).length));
    },
  );

  it('publishes each event once and in order if nothing fails', async () => {
    const voucherId = partition.define();
    partition.submit(...users(700).map((user) => partition.claim(voucherId, user)));
    await partition.run(await partition.owner(), 0, 90);
    expect(await published()).toEqual(upTo((await partition.events()).length));
  });

  it('halts at a gap of the log and skips decided records', async () => {
    const voucherId = partition.define();
    partition.submit(...users(5).map((user) => partition.claim(voucherId, user)));
    const owner = await partition.owner();
    await expect(owner.handle(partition.batch(partition.records.slice(2)))).rejects.toThrow(Halt);
    await partition.open(owner);
    await partition.run(owner);
    const before = await partition.events();
    await partition.run(owner);
    expect(await partition.events()).toEqual(before);
  });

  it('gives the same answers whether it keeps users exactly or as a filter', async () => {
    const vouchers = [partition.define(), partition.define()];
    // The users come in rounds, so that most of them come again after they have left the recent ones.
    for (let round = 0; round < 3; round += 1) {
      for (const user of users(2_500)) {
        for (const voucherId of vouchers) partition.submit(partition.push(voucherId, user));
        if (user.endsWith('7')) partition.submit(partition.claim(vouchers[0]!, user));
      }
    }
    await partition.run(await partition.owner({}, new KnowledgeBudget(0)));
    expect(await partition.types()).toEqual({
      'voucher.defined.v1': 2,
      'voucher.enabled.v1': 2,
      'voucher.pushed.v1': 5_000,
      'voucher.claimed.v1': 250,
      'voucher.claim-refused.v1': 500,
    });
  });

  it('loads users again after a restart, in pages or as a filter', async () => {
    const voucherId = partition.define();
    partition.submit(...users(900).map((user) => partition.push(voucherId, user)));
    await partition.run(await partition.owner());
    const from = partition.records.length;
    partition.submit(...users(901).map((user) => partition.push(voucherId, user)));
    await partition.run(await partition.owner({}, new KnowledgeBudget(0)), from);
    expect(await partition.types()).toMatchObject({ 'voucher.pushed.v1': 901 });
  });

  it('answers repeated submissions again after a restart and does not set them aside', async () => {
    const voucherId = partition.define();
    const claim = partition.claim(voucherId, 'alice');
    const { submissionId, at, asker, bodyHash } = partition.claim(voucherId, 'alice');
    partition.submit(claim);
    await partition.run(await partition.owner());
    const from = partition.records.length;
    partition.define(); // only for the first record after a restart, Postgres is asked for repeats
    partition.submit(claim); // its verdict is the newest of the voucher
    partition.submit({
      kind: 'release',
      submissionId,
      voucherId,
      claimId: claim.claimId,
      userId: 'alice',
      at,
      asker,
      bodyHash,
    });
    partition.submit(claim); // its claim is in memory again
    await partition.run(await partition.owner(), from, 1);
    expect(partition.quarantined).toEqual([]);
    expect(await partition.types()).toMatchObject({ 'voucher.claimed.v1': 1, 'voucher.claim-released.v1': 1 });
    const verdicts = partition.published.filter((event) => event.submissionId === claim.submissionId);
    expect(verdicts.length).toBeGreaterThanOrEqual(3);
    expect(new Set(verdicts.map(({ type, seq }) => `${type} ${seq}`)).size).toBe(1);
  });

  it('finds the refused record in a log that has grown since it was assigned', async () => {
    const voucherId = partition.define();
    const claim = partition.claim(voucherId, 'alice');
    partition.submit(claim);
    await partition.run(await partition.owner());
    const [owner, from] = [await partition.owner(), partition.records.length];
    partition.submit(...users(5).map((user) => partition.claim(voucherId, user)));
    await partition.run(owner, from);
    const repeated = partition.records.length;
    partition.submit(claim);
    partition.tick(); // waits for the batch before, which Postgres refuses
    await partition.run(owner, repeated);
    expect(partition.quarantined).toEqual([]);
    expect(await partition.types()).toMatchObject({ 'voucher.claimed.v1': 6 });
  });

  it.each(['a tick', 'the next submission'])(
    'decides at %s claims that are due at one instant, in slices, also after a crash between them',
    async (by) => {
      const until = new Date(partition.now + 10_000).toISOString();
      const voucherId = partition.define({
        windows: { ...WINDOWS, use: { ...WINDOWS.valid, to: until } },
        quantities: { push: null, claim: 3_000, redeem: null },
      });
      partition.submit(...users(2_200).map((user) => partition.claim(voucherId, user)));
      await partition.run(await partition.owner());
      partition.now += 20_000;
      const from = partition.records.length;
      if (by === 'a tick') partition.tick();
      else partition.submit(partition.claim(voucherId, 'late'));
      let slices = 0;
      const crashing = await partition.owner({
        at: (point) => {
          if (point === 'before-commit' && (slices += 1) === 2) throw new Error('killed');
        },
      });
      await expect(partition.run(crashing, from)).rejects.toThrow('killed');
      expect((await partition.types())['voucher.claim-expired.v1']).toBe(1_000);
      await partition.run(await partition.owner(), from);
      expect(await partition.types()).toMatchObject({ 'voucher.claim-expired.v1': 2_200 });
      expect((await partition.types())['voucher.claimed.v1']).toBe(by === 'a tick' ? 2_200 : 2_201);
      const { rows } = await partition.database.pool.query('SELECT free::int, counters FROM vouchers');
      expect(rows[0]).toMatchObject({ free: by === 'a tick' ? 3_000 : 2_999, counters: { expired: 2_200 } });
    },
  );

  it.each(['wall', 'submissions'] as const)(
    'revokes all claims of a termination at once, in order of their ids, also after a crash between slices, with the clock: %s',
    async (clock) => {
      const nodes = {
        enable: { when: 'true' },
        claim: { when: 'true', perUser: 1 },
        use: { when: 'true', perClaim: 1 },
        terminate: { when: 'false', claims: 'revoke' as const },
      };
      const voucherId = partition.define({ nodes, clock });
      partition.submit(...users(2_500).map((user) => partition.claim(voucherId, user)));
      await partition.run(await partition.owner());
      const from = partition.records.length;
      partition.define({ nodes, clock }, { voucherId, version: 2, intent: 'terminated' });
      let slices = 0;
      const crashing = await partition.owner({
        at: (point) => {
          if (point === 'before-commit' && (slices += 1) === 3) throw new Error('killed');
        },
      });
      await expect(partition.run(crashing, from)).rejects.toThrow('killed');
      expect((await partition.types())['voucher.claim-revoked.v1']).toBeLessThan(2_500);
      await partition.run(await partition.owner(), from);
      const events = await partition.events();
      const revoked = events.filter(({ type }) => type === 'voucher.claim-revoked.v1').map(({ claimId }) => claimId!);
      expect(revoked).toHaveLength(2_500);
      expect(revoked).toEqual(revoked.toSorted());
      const again = partition.records.length;
      partition.define({ nodes, clock }, { voucherId, version: 2, intent: 'terminated' });
      await partition.run(await partition.owner(), again);
      expect((await partition.events()).map(textOf)).toEqual(events.map(textOf));
      partition.submit(partition.claim(voucherId, 'late'));
      await partition.run(await partition.owner(), again + 1);
      expect((await partition.events()).at(-1)).toMatchObject({
        type: 'voucher.claim-refused.v1',
        reason: 'terminated',
      });
    },
  );

  // Sends a tick whenever the owner wants one, as the ticker does, during the first hour of the day.
  it.each<[string, number, string | undefined]>([
    ["now > timestamp('2030-01-01T00:00:00Z')", 1, undefined],
    ["now < timestamp('2020-01-01T00:00:00Z') || counters.claimed > 5", 1, undefined],
    ["now >= timestamp('2026-06-01T12:40:00Z')", 2, '2026-06-01T12:40:00.000Z'],
    ["now.getHours('UTC') == 3", 3, undefined],
    ["now.getMinutes('Asia/Kathmandu') == 30", 3, '2026-06-01T12:45:00.000Z'],
    ["[now].exists(x, x < timestamp('2020-01-01T00:00:00Z'))", 121, undefined],
    ["[now].exists(x, x >= timestamp('2026-06-01T12:30:00Z'))", 61, '2026-06-01T12:30:00.000Z'],
  ])('needs almost no ticks and writes no row for a node that time does not turn: %s', async (when, most, turnsAt) => {
    const nodes = { enable: { when: 'true' }, claim: { when: 'true', perUser: 1 }, use: { when: 'true', perClaim: 1 } };
    partition.define({ nodes: { ...nodes, terminate: { when, claims: 'honour' } } });
    const owner = await partition.owner();
    await partition.run(owner);
    const versions = new Set<string>();
    let ticks = 0;
    while (owner.wakeAt !== null && owner.wakeAt < START + 3_600_000) {
      partition.now = Math.max(partition.now, owner.wakeAt);
      partition.tick();
      ticks += 1;
      await partition.run(owner, partition.records.length - 1);
      const { rows } = await partition.database.pool.query<{ xmin: string }>('SELECT xmin::text FROM vouchers');
      versions.add(rows[0]!.xmin);
    }
    expect(ticks).toBeLessThanOrEqual(most);
    expect(versions.size).toBeLessThanOrEqual(most);
    const terminated = (await partition.events()).find(({ type }) => type === 'voucher.terminated.v1');
    expect(terminated && new Date(terminated.at).toISOString()).toBe(turnsAt);
  });
});
