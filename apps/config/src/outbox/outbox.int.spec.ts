import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { SPEC, startConfig, type RunningConfig } from '../../testing/config.service.ts';

let config: RunningConfig;
beforeAll(async () => {
  config = await startConfig();
}, 60_000);
afterAll(() => config.stop());

const unsent = async (): Promise<number> =>
  (await config.pool.query('SELECT count(*)::int AS n FROM outbox')).rows[0].n;

/** What a crash after COMMIT leaves: the next versions written, nothing of them published. */
async function leaveUnsent(id: string, versions: number[]): Promise<void> {
  for (const version of versions) {
    await config.pool.query(
      `WITH v AS (UPDATE vouchers SET version = $2 WHERE id = $1 RETURNING *),
            o AS (INSERT INTO outbox (kind, key, version) VALUES ('voucher', $1::text, $2))
       INSERT INTO voucher_versions SELECT id, $2, intent, team, spec, updated_by, updated_at, '[]' FROM v`,
      [id, version],
    );
  }
}

const versionsOn = async (topic: 'definitions' | 'submissions', id: string): Promise<number[]> =>
  (await config.records(topic)).filter(({ key }) => key === id).map(({ value }) => JSON.parse(String(value)).version);

describe('the outbox', () => {
  it('publishes after a restart what a crash left, in order, on both topics', async () => {
    const { id } = await config.create();
    await config.close();
    await leaveUnsent(id, [2, 3, 4]);
    await config.restart();
    await eventually('nothing is unsent', async () => (await unsent()) === 0);
    expect(await versionsOn('definitions', id)).toEqual([1, 2, 3, 4]);
    expect(await versionsOn('submissions', id)).toEqual([1, 2, 3, 4]);
  });

  it('sends what is older first, whoever comes to send', async () => {
    const { id } = await config.create();
    await leaveUnsent(id, [2]);
    await config.call('POST', `/v1/vouchers/${id}/publish`);
    expect(await versionsOn('submissions', id)).toEqual([1, 2, 3]);
  });

  it('is empty when the answer came', async () => {
    await config.create();
    expect(await unsent()).toBe(0);
  });
});

describe('without Kafka', () => {
  it('config lives, is not ready, and writes nothing: 503 with Retry-After', async () => {
    const alone = await startConfig({ KAFKA_BROKERS: '127.0.0.1:1' });
    try {
      expect((await alone.call('GET', '/health/live')).status).toBe(200);
      await eventually(
        'Postgres is there',
        async () => (await alone.call('GET', '/health/ready')).body.checks.postgres === 'ok',
      );
      const ready = await alone.call('GET', '/health/ready');
      expect([ready.status, ready.body.checks.kafka]).toEqual([503, 'no broker answers']);
      const answer = await alone.call('POST', '/v1/vouchers', SPEC);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect((await alone.pool.query('SELECT count(*)::int AS n FROM vouchers')).rows[0].n).toBe(0);
      expect((await alone.call('GET', '/v1/vouchers')).body).toEqual({ items: [], next: null });
    } finally {
      await alone.stop();
    }
  }, 60_000);
});

describe('without Postgres', () => {
  it('config lives, is not ready, and answers 503 with Retry-After', async () => {
    const alone = await startConfig({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' });
    try {
      expect((await alone.call('GET', '/health/live')).status).toBe(200);
      expect((await alone.call('GET', '/health/ready')).status).toBe(503);
      const answer = await alone.call('GET', '/v1/vouchers');
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    } finally {
      await alone.stop();
    }
  }, 60_000);
});
