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

/** Writes the next versions and publishes none of them, as a crash after COMMIT does. */
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
  it('publishes, after a restart, the versions that a crash left, in order, on both topics', async () => {
    const { id } = await config.create();
    await config.close();
    await leaveUnsent(id, [2, 3, 4]);
    await config.restart();
    await eventually('nothing is unsent', async () => (await unsent()) === 0);
    expect(await versionsOn('definitions', id)).toEqual([1, 2, 3, 4]);
    expect(await versionsOn('submissions', id)).toEqual([1, 2, 3, 4]);
  });

  it('sends older versions first, also when the request for a newer one sends them', async () => {
    const { id } = await config.create();
    await leaveUnsent(id, [2]);
    await config.call('POST', `/v1/vouchers/${id}/publish`);
    expect(await versionsOn('submissions', id)).toEqual([1, 2, 3]);
  });

  it('is empty when the answer comes', async () => {
    await config.create();
    expect(await unsent()).toBe(0);
  });
});

/** Leaves a spec that is too large for the topic, as release 0.1.0 could store it. */
async function leaveTooLarge(id: string): Promise<void> {
  await config.pool.query(
    `UPDATE vouchers SET spec = jsonb_set(spec::jsonb, '{goods}', (
       SELECT jsonb_agg(jsonb_build_object('sku', 'S-' || n, 'name', repeat('x', 200))) FROM generate_series(1, 20000) n))
     WHERE id = $1`,
    [id],
  );
  await leaveUnsent(id, [2]);
}

const LARGE = { goods: Array.from({ length: 20_000 }, (_, n) => ({ sku: `S-${n}`, name: 'x'.repeat(200) })) };

describe('a version that Kafka refuses', () => {
  it('is refused before it is stored: 413 with the limit, and with the pointer of the item in a batch', async () => {
    const before = (await config.pool.query('SELECT count(*)::int AS n FROM vouchers')).rows[0].n;
    const { status, body } = await config.call('POST', '/v1/vouchers/batch', { items: [SPEC, { ...SPEC, ...LARGE }] });
    expect([status, body.detail, body.errors[0].pointer]).toEqual([
      413,
      expect.stringContaining('at most 2999000 bytes'),
      '/items/1',
    ]);
    expect((await config.pool.query('SELECT count(*)::int AS n FROM vouchers')).rows[0].n).toBe(before);
    expect(await unsent()).toBe(0);
  });

  it('delays only its own voucher, and /metrics counts it', async () => {
    const [bad, good] = [await config.create(), await config.create()];
    await config.call('PUT', '/v1/pages/waits', { title: 'Waits', voucherIds: [] });
    await config.close();
    await leaveTooLarge(bad.id);
    await leaveUnsent(good.id, [2]);
    await config.pool.query(`UPDATE pages SET version = 2 WHERE slug = 'waits'`);
    await config.pool.query(`INSERT INTO outbox (kind, key, version) VALUES ('page', 'waits', 2)`);
    await config.restart();
    await eventually('the bad row alone is left', async () => (await unsent()) === 1);
    expect(await versionsOn('definitions', good.id)).toEqual([1, 2]);
    expect((await config.records('pages')).filter(({ key }) => key === 'waits')).toHaveLength(2);
    const metrics = async () => (await fetch(`${await config.url()}/metrics`)).text();
    await eventually('it is counted', async () => /^config_outbox_refused_rows 1$/m.test(await metrics()));

    expect((await config.call('POST', `/v1/vouchers/${bad.id}/publish`)).status).toBe(413);
    const smaller = await config.call('PUT', `/v1/vouchers/${bad.id}`, SPEC, { headers: { 'if-match': '"2"' } });
    expect(smaller.status).toBe(200);
    expect(await unsent()).toBe(0);
    expect(await versionsOn('definitions', bad.id)).toEqual([1, 3]);
  });
});

describe('without Kafka', () => {
  it('config runs, is not ready, and writes nothing: 503 with Retry-After', async () => {
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
  it('config runs, is not ready, and answers 503 with Retry-After', async () => {
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
