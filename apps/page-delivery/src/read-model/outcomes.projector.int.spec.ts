import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partitionOfKey } from '@vouchers/messaging';
import { FencedTables, OutcomesDatabase } from '@vouchers/outcomes';
import { loadSettings } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { newId, PARTITIONS, Running } from '../../testing/running.ts';
import { PageDeliverySettings } from '../settings.ts';
import { readModelOf } from './read-model.projection.ts';

const running = new Running();
beforeAll(() => running.start(2), 60_000);
afterAll(() => running.stop());

const TABLES = {
  vouchers: 'voucher_id',
  definitions_in_force: 'voucher_id',
  claims: 'claim_id',
  redemptions: 'redemption_id',
  pushes: 'user_id, voucher_id',
};

/** All rows of the read model, in a fixed order. */
async function readModel(): Promise<Record<string, unknown[]>> {
  const tables = Object.entries(TABLES).map(
    async ([table, key]) =>
      [table, (await running.database.query(`SELECT * FROM ${table} ORDER BY ${key}`)).rows] as const,
  );
  return Object.fromEntries(await Promise.all(tables));
}
async function positionOf(partition: number): Promise<{ offset: number; seq: number }> {
  const { rows } = await running.database.query(
    'SELECT next_offset::int AS "offset", next_seq::int AS seq FROM positions WHERE partition = $1',
    [partition],
  );
  return rows[0];
}
/** Waits until all outcomes are projected. */
const caughtUp = () =>
  eventually('the read model has read everything', async () => {
    for (const [partition, rows] of running.ledger.rows)
      if ((await positionOf(partition))?.seq !== rows.length + 1) return false;
    return true;
  });
async function someLife(): Promise<string> {
  const voucherId = await running.define();
  const { body } = await running.claim(voucherId, { token: running.tokens.alice });
  await running.call('POST', `/v1/claims/${body.id}/redemptions`, {
    token: running.tokens.till,
    key: newId(),
    body: { order: { id: 'o', amount: 1, currency: 'CNY' } },
  });
  await running.claim(voucherId, { token: running.tokens.alice });
  const slug = `r-${newId()}`;
  await running.makePage(slug, [voucherId]);
  await running.page(slug, { token: running.tokens.bob });
  return voucherId;
}

describe('the read model', () => {
  it('does not change if all outcomes are published again', async () => {
    await someLife();
    await caughtUp();
    const before = await readModel();
    expect(Object.values(before).map(({ length }) => length > 0)).toEqual([true, true, true, true, true]);
    for (const partition of running.ledger.rows.keys()) {
      const { offset } = await positionOf(partition);
      await running.ledger.publishAgain(partition);
      await eventually('what was published again is read', async () => (await positionOf(partition)).offset > offset);
    }
    expect(await readModel()).toEqual(before);
  });

  it('gets events that the topic lacks from the ledger', async () => {
    const voucherId = await running.define();
    expect((await running.claim(voucherId, { token: running.tokens.alice })).status).toBe(201);
    running.ledger.withhold = true;
    const { status } = await running.claim(voucherId, { token: running.tokens.bob });
    running.ledger.withhold = false;
    expect(status).toBe(202);
    await running.claim(voucherId, { token: running.tokens.shop, headers: { 'x-user-id': 'carol' } });
    await caughtUp();
    const { rows } = await running.database.query('SELECT user_id FROM claims WHERE voucher_id = $1 ORDER BY 1', [
      voucherId,
    ]);
    expect(rows.map((row) => row.user_id)).toEqual(['alice', 'bob', 'carol']);
  });

  it('is written only from the current position, completely or not at all', async () => {
    const voucherId = await someLife();
    await caughtUp();
    const partition = partitionOfKey(voucherId, PARTITIONS);
    const position = { ...(await positionOf(partition)), revision: 0 };
    const database = new OutcomesDatabase(loadSettings(PageDeliverySettings, running.environment).databaseUrl);
    const tables = new FencedTables(database.ask, readModelOf(1));
    const { values } = await readModelOf(1).begin().rowsOf([]);
    const aPush = { values: values.with(15, ['nobody']).with(16, [voucherId]) }; // $16 and $17
    const to = { offset: position.offset + 1, seq: position.seq + 1 };
    const pushes = () =>
      running.database.query("SELECT 1 FROM pushes WHERE user_id = 'nobody'").then(({ rowCount }) => rowCount);
    for (const stale of [
      { ...position, seq: position.seq - 1 },
      { ...position, offset: position.offset - 1 },
      { ...position, revision: 1 },
    ]) {
      expect(await tables.write(partition, stale, to, aPush)).toBe(false);
      expect([await positionOf(partition), await pushes()]).toEqual([
        { offset: position.offset, seq: position.seq },
        0,
      ]);
    }
    expect(await tables.write(partition, position, position, aPush)).toBe(true);
    expect(await pushes()).toBe(1);
    await running.database.query("DELETE FROM pushes WHERE user_id = 'nobody'");
    await database.end();
  });

  it('is read up to the Voucher-Position, also by the replica that did not write', async () => {
    const voucherId = await running.define({ nodes: { claim: { perUser: null } } });
    for (let count = 0; count < 5; count += 1) {
      const { body, headers } = await running.claim(voucherId, { token: running.tokens.bob });
      const position = { 'voucher-position': headers.get('voucher-position')! };
      const { body: wallet } = await running.call<{ items: { id: string }[] }>('GET', '/v1/claims?limit=1', {
        token: running.tokens.bob,
        headers: position,
        replica: 1,
      });
      expect(wallet.items[0]?.id).toBe(body.id);
    }
  });

  it('halts on outcomes of another topic, and the replica is not ready', async () => {
    await running.database.query("UPDATE positions SET topic_id = 'another'");
    const replica = await running.startReplica({}, false);
    await running.replicas[0]!.close();
    await running.replicas[1]!.close();
    const checks = await eventually(
      'the replica says what is wrong',
      async () => {
        const { status, body } = await running.call<{ checks: Record<string, string> }>('GET', '/health/ready', {
          replica,
        });
        return status === 503 && body.checks['projector']?.includes('rebuild') ? body.checks : undefined;
      },
      { timeoutMs: 20_000 },
    );
    expect(checks['projector']).toContain('another topic');
  });
});
