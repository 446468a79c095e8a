// Entries that the ledger itself ends: of users who have reached their limit, and of users who are forgotten.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventData, Submission } from '@vouchers/contracts';
import { connectAudit, ForgettingStore } from '@vouchers/event-store';
import { eventually } from '@vouchers/testing';
import { SLICE } from '@vouchers/voucher';
import { START, TestPartition, WINDOWS } from '../../testing/partition.ts';
import { audit } from '../audit/audit.ts';
import type { PartitionOwner } from '../deciding/partition.owner.ts';
import { rebuild } from '../rebuild/rebuild.ts';

const HOUR_MS = 3_600_000;
const OFFER_H = 2;

const specOf = (claim: number, perUser: number) => ({
  windows: WINDOWS,
  quantities: { push: null, claim, redeem: null },
  waitingList: { limit: null, rank: '0', offerFor: `PT${OFFER_H}H`, minUse: 'PT0S' },
  nodes: {
    enable: { when: 'true' },
    claim: { when: 'true', perUser, record: [] },
    use: { when: 'true', perClaim: 1, record: [] },
    terminate: { when: 'false', claims: 'honour' as const },
  },
});

let partition: TestPartition;
let voucherId: string;
beforeEach(async () => {
  partition = await new TestPartition().create('entries_end');
});
afterEach(() => partition.drop());

const joins = (userId: string): Submission => {
  const asked = { submissionId: partition.id(), at: new Date(partition.now).toISOString(), asker: 'a', bodyHash: 'b' };
  return { kind: 'join', voucherId, entryId: partition.id(), userId, attributes: {}, ...asked };
};
const releases = ({ claimId, userId }: { claimId: string; userId: string }): Submission => {
  const asked = { submissionId: partition.id(), at: new Date(partition.now).toISOString(), asker: 'a', bodyHash: 'b' };
  return { kind: 'release', voucherId, claimId, userId, ...asked };
};
/** The events of the voucher as `[type without its affixes, data]`. */
const told = async (from = 0): Promise<[string, EventData][]> =>
  (await partition.events())
    .slice(from)
    .map(({ type, data }) => [type.slice(8, -3), JSON.parse(data.toString()) as EventData]);
const expectSound = async (): Promise<void> => {
  const pool = connectAudit(partition.database.url, () => undefined);
  const { faults } = await audit(pool, new Map()).finally(() => pool.end());
  expect(faults).toEqual([]);
  expect((await rebuild(partition.database.url)).differences).toEqual([]);
};

describe('users who have reached their limit', () => {
  /** Every commit ends the owner, so each slice begins with what is stored. */
  const runDropping = async (): Promise<void> => {
    const crash = {
      at: (where: string) => {
        if (where === 'after-commit') throw new Error('killed');
      },
    };
    for (let from = 0, last = -1; from < partition.records.length || last !== from;) {
      last = from;
      const owner = await partition.owner(crash);
      await partition.run(owner, from).catch((error: Error) => expect(error.message).toBe('killed'));
      from = await partition.open(owner);
    }
  };

  it.each<[string, () => Promise<void>]>([
    ['at once', async () => partition.run(await partition.owner())],
    ['from batches of other sizes', async () => partition.run(await partition.owner(), 0, 37)],
    ['with all that is known dropped after each commit', runDropping],
  ])(
    'are counted by the verdict that takes them off, %s',
    async (_, run) => {
      const many = 2 * SLICE + 300;
      voucherId = partition.define(specOf(many + 1, 2) as never);
      const users = Array.from({ length: many }, (_user, number) => `user-${number}`);
      const first = partition.claim(voucherId, 'holder');
      partition.submit(first, ...users.map((userId) => partition.claim(voucherId, userId)));
      partition.submit(...users.map(joins), joins('last'));
      partition.define(specOf(many + 1, 1) as never, { voucherId, version: 2 });
      partition.submit(releases(first));
      await run();
      const events = await told();
      const verdict = events.findIndex(([type]) => type === 'claim-released');
      const following = events.slice(verdict + 1);
      expect(following.at(-1)).toMatchObject(['offered', { userId: 'last' }]);
      expect(following.map(([, { why }]) => why)).toEqual([...users.map(() => 'per-user-limit'), undefined]);
      expect(events[verdict]![1].followedBy).toBe(many + 1);
    },
    90_000,
  );
});

describe('a user who is forgotten', () => {
  const forget = async (owner: PartitionOwner, userId: string): Promise<void> => {
    const from = partition.records.length;
    partition.forget(userId);
    await partition.run(owner, from);
    await eventually('the search is done', () => partition.records.length === from + 2);
    await partition.run(owner, from + 1);
    await eventually('the id is published and deleted', async () => {
      await new ForgettingStore(partition.store).clean([0]);
      const { rows } = await partition.store.pools.writers.query('SELECT FROM forgettings');
      return rows.length === 0;
    });
  };
  const begun = async (): Promise<{ owner: PartitionOwner; claim: Extract<Submission, { kind: 'claim' }> }> => {
    voucherId = partition.define(specOf(1, 1) as never);
    const claim = partition.claim(voucherId, 'holder');
    partition.submit(claim, joins('alice'), joins('bob'));
    const owner = await partition.owner();
    await partition.run(owner);
    return { owner, claim };
  };

  it('waits no longer', async () => {
    const { owner, claim } = await begun();
    await forget(owner, 'alice');
    const from = (await partition.events()).length;
    partition.submit(releases(claim));
    await partition.run(owner, partition.records.length - 1);
    expect((await told(from)).map(([type, { userId }]) => [type, userId])).toEqual([
      ['claim-released', 'holder'],
      ['offered', 'bob'],
    ]);
    const [, left] = (await told()).find(([type]) => type === 'waiting-list-left')!;
    expect(left).toMatchObject({ why: 'user-forgotten', entryBefore: 'waiting', entry: { state: 'left' } });
    expect(left.userId).toMatch(/^forgotten-/);
    await expectSound();
  });

  it('leaves the unit that was set aside to who is next, for its whole length', async () => {
    const { owner, claim } = await begun();
    partition.submit(releases(claim));
    await partition.run(owner, partition.records.length - 1);
    partition.now = START + HOUR_MS;
    await forget(owner, 'alice');
    const events = await told();
    expect(events.map(([type]) => type).slice(-4)).toEqual([
      'offered',
      'waiting-list-left',
      'offered',
      'user-forgotten',
    ]);
    const [, offered] = events.at(-2)!;
    expect(offered).toMatchObject({
      userId: 'bob',
      // An offer is never made for less than its length because the voucher had rested.
      entry: { offer: { until: new Date(partition.now + OFFER_H * HOUR_MS).toISOString() } },
    });
    await expectSound();
    // The same id is a new user, who may join again.
    partition.submit(joins('alice'));
    await partition.run(owner, partition.records.length - 1);
    expect((await told()).at(-1)).toMatchObject(['waiting-list-joined', { userId: 'alice' }]);
  });
});
