// Faults that must not stop the others: a voucher whose outcomes Postgres always refuses, and unreadable records.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '@vouchers/contracts';
import { cloudEvent, partitionOfKey } from '@vouchers/messaging';
import { runFollowersCommand } from '@vouchers/outcomes';
import { loadSettings } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { newId, PARTITIONS, Running } from '../../testing/running.ts';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { readModelOf } from '../read-model/read-model.projection.ts';
import { rebuildReadModel } from '../rebuild/read-model.rebuild.ts';
import { PageDeliverySettings } from '../settings.ts';

const running = new Running();
const { tokens } = running;
beforeAll(() => running.start(1), 60_000);
afterAll(() => running.stop());

const order = { id: 'o-1', amount: 1, currency: 'CNY' };

/** Makes an id of the same partition. */
function beside(voucherId: string): string {
  for (;;) {
    const id = newId();
    if (partitionOfKey(id, PARTITIONS) === partitionOfKey(voucherId, PARTITIONS)) return id;
  }
}

/** Makes Postgres refuse all claims of the voucher, as if their index row were too large. */
async function refuseClaimsOf(voucherId: string): Promise<void> {
  await running.database.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'index row too large' USING ERRCODE = '54000'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON claims FOR EACH ROW
      WHEN (NEW.voucher_id = '${voucherId}') EXECUTE FUNCTION refuse()`);
}
const takeClaimsAgain = () => running.database.query('DROP TRIGGER refuse ON claims; DROP FUNCTION refuse');

async function command(...args: string[]): Promise<{ exitCode: number; said: string }> {
  const settings = loadSettings(PageDeliverySettings, running.environment);
  const follower = {
    databaseUrl: settings.databaseUrl,
    ledger: new LedgerClient(settings),
    projection: readModelOf(1),
  };
  const lines: string[] = [];
  const exitCode = await runFollowersCommand(args, follower, (line) => void lines.push(line));
  return { exitCode, said: lines.join('\n') };
}

const ready = () =>
  running.call<{ status: string; parked?: { voucherId: string; firstSeq: number }[]; unreadable?: { key: string }[] }>(
    'GET',
    '/health/ready',
  );
/** Uses the list, since a single claim would be read from the ledger if the read model lacked it. */
const isShown = (id: string, token: string, headers = {}, replica = 0) =>
  eventually('the claim is listed', async () => {
    const { body } = await running.call<{ items: Claim[] }>('GET', '/v1/claims', { token, headers, replica });
    return body.items.some((claim) => claim.id === id);
  });
const PARKED = { status: 503, body: { reason: 'parked' } };

describe('a voucher whose outcomes cannot be projected', () => {
  let victim: string;
  let neighbour: string;
  let slug: string;
  let claim: Claim;
  beforeAll(async () => {
    victim = await running.define();
    neighbour = await running.define({}, { voucherId: beside(victim) });
    slug = `parked-${newId()}`;
    await running.makePage(slug, [victim, neighbour]);
    await refuseClaimsOf(victim);
    ({ body: claim } = await running.claim(victim, { token: tokens.alice }));
    await eventually('it is parked', async () => (await ready()).body.parked !== undefined);
  });

  it('is parked by its event, and named by /health/ready and /metrics', async () => {
    const [own] = running.ledger.outcomesOf(victim, 'voucher.claimed.v1');
    expect(await ready()).toMatchObject({
      status: 200,
      body: { status: 'ok', parked: [{ voucherId: victim, firstSeq: own!.seq }] },
    });
    const { body } = await running.call<string>('GET', '/metrics');
    expect(body).toContain('\nparked_vouchers 1\n');
    expect((await command('list')).said).toMatch(new RegExp(`${victim} .* SQLSTATE 54000: index row too large`));
    expect((await command('inspect', victim)).said).toContain('voucher.claimed.v1');
  });

  it('does not delay other vouchers of its partition', async () => {
    const { body } = await running.claim(neighbour, { token: tokens.alice });
    await isShown(body.id, tokens.alice);
  });

  it('is 503 if it is requested by its id; lists leave it out and name it', async () => {
    const asked = [`/v1/claims/${claim.id}`, `/v1/claims?voucherId=${victim}`];
    for (const path of asked) {
      const answer = await running.call('GET', path, { token: tokens.alice });
      expect(answer).toMatchObject(PARKED);
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    const { body: wallet } = await running.call('GET', '/v1/claims', { token: tokens.alice });
    expect(wallet).toMatchObject({ items: [{ voucherId: neighbour }], unavailable: [victim] });
    const { body: other } = await running.call('GET', `/v1/claims?voucherId=${neighbour}`, { token: tokens.alice });
    expect(other).not.toHaveProperty('unavailable');
    const { body: page } = await running.page(slug, { token: tokens.bob });
    expect(page).toMatchObject({ modules: [{ voucherId: neighbour }], unavailable: [victim] });
    const { body: qualified } = await running.call('POST', '/v1/qualifications', {
      token: tokens.alice,
      body: { order, pageSlug: slug },
    });
    expect(qualified['unavailable']).toEqual([victim]);
  });

  it('still takes writes: claims, uses and their repeats are answered as the ledger decided', async () => {
    const key = newId();
    const { status, body: own } = await running.claim(victim, { token: tokens.bob, key });
    expect(status).toBe(201);
    expect((await running.claim(victim, { token: tokens.bob, key })).body).toEqual(own);
    const used = await running.call('POST', `/v1/claims/${claim.id}/redemptions`, {
      token: tokens.till,
      key: newId(),
      body: { order },
    });
    expect(used.status).toBe(201);
    const shown = (path: string) => running.call('GET', path, { token: tokens.till });
    expect(await shown(`/v1/redemptions/${used.body['id']}`)).toMatchObject(PARKED);
    expect(await shown(`/v1/redemptions?claimId=${claim.id}`)).toMatchObject(PARKED);
    expect((await shown(`/v1/redemptions?orderId=${order.id}`)).body).toMatchObject({
      items: [],
      unavailable: [victim],
    });
    expect(await running.call('DELETE', `/v1/claims/${own.id}`, { token: tokens.bob })).toMatchObject({
      status: 200,
      body: { id: own.id, state: 'released' },
    });
  });

  it('stays parked after a retry that fails, which is recorded', async () => {
    expect(await command('retry', victim, '--by', 'op')).toMatchObject({ exitCode: 1 });
    expect((await ready()).body.parked).toHaveLength(1);
    expect((await command('inspect', victim)).said).toMatch(/retry by op: in vain: SQLSTATE 54000/);
  });

  it('is correct after a retry, goes on, and equals a rebuild', async () => {
    await takeClaimsAgain();
    expect(await command('retry', victim, '--by', 'op')).toMatchObject({ exitCode: 0 });
    await isShown(claim.id, tokens.alice);
    expect((await running.call('GET', `/v1/claims/${claim.id}`, { token: tokens.alice })).body).toMatchObject({
      id: claim.id,
      state: 'redeemed',
    });
    const { body: wallet } = await running.call<{ items: Claim[] }>('GET', '/v1/claims', { token: tokens.alice });
    expect(wallet.items.map(({ voucherId }) => voucherId).sort()).toEqual([victim, neighbour].sort());
    expect(wallet).not.toHaveProperty('unavailable');
    const headers = { 'x-user-id': 'carol' };
    const { body: later } = await running.claim(victim, { token: tokens.shop, headers });
    await isShown(later.id, tokens.shop, headers);
    expect((await ready()).body).not.toHaveProperty('parked');
    expect((await rebuildReadModel(running.environment)).differences).toEqual([]);
  });
});

describe('an unreadable record', () => {
  const garbage = [null, 'null', '7', '{', '{}', '{"__proto__":{}}', '"\u0000"', Buffer.from([0xff, 0xfe])];
  const send = (topic: string, key: string, value: string | Buffer | null, headers = {}) =>
    running.producer.send([{ topic, partition: partitionOfKey(key, PARTITIONS), key, value, headers }]);

  it('in the outcomes delays nothing, whatever its headers are', async () => {
    const voucherId = await running.define();
    const partition = partitionOfKey(voucherId, PARTITIONS);
    await eventually('it is defined', () => running.ledger.outcomesOf(voucherId, 'voucher.defined.v1').length === 1);
    const next = running.ledger.rows.get(partition)!.length + 1;
    const headersOf = (sequence: number) =>
      cloudEvent({
        id: newId(),
        type: 'voucher.claimed.v1',
        source: '/ledger',
        time: new Date().toISOString(),
        subject: voucherId,
        partition,
        sequence,
      });
    const { outcomes } = running.names.topics;
    for (const value of garbage) {
      await send(outcomes, voucherId, value);
      await send(outcomes, voucherId, value, headersOf(next));
    }
    // This record has the seq of an event that does not exist, far ahead.
    await send(outcomes, voucherId, JSON.stringify({ at: new Date().toISOString() }), headersOf(next + 1_000));
    const slug = `far-${newId()}`;
    await running.makePage(slug, [voucherId]);
    expect((await running.page(slug, { token: tokens.alice })).body.modules).toMatchObject([{ state: 'claimable' }]);
    const { body } = await running.claim(voucherId, { token: tokens.alice });
    await isShown(body.id, tokens.alice);
    // The cached claims of the user change, too.
    await eventually('the page shows it', async () => {
      const { body: page } = await running.page(slug, { token: tokens.alice });
      return page.modules[0]?.state === 'claimed';
    });
    expect((await ready()).status).toBe(200);
    expect((await running.call<string>('GET', '/metrics')).body).toMatch(
      /unreadable_records_total\{consumer="projector"\} \d+/,
    );
  });

  it('in a compacted topic makes its key unavailable until the next record, also in a new replica', async () => {
    const voucherId = await running.define();
    const other = await running.define();
    const slug = `garbage-${newId()}`;
    const { pages, definitions } = running.names.topics;
    await running.makePage(slug, [voucherId, other]);
    const { body: claim } = await running.claim(voucherId, { token: tokens.alice });
    await isShown(claim.id, tokens.alice);
    for (const value of garbage.slice(1)) {
      await send(definitions, voucherId, value);
      await send(pages, slug, value!);
      await send(pages, 'No Slug', value!);
    }
    const replica = await running.startReplica();
    const call = { token: tokens.alice, replica };
    expect(await running.page(slug, call)).toMatchObject(PARKED);
    expect(await running.call('GET', `/v1/claims/${claim.id}`, call)).toMatchObject(PARKED);
    expect((await running.claim(voucherId, { ...call, token: tokens.bob })).status).toBe(201);
    expect((await running.claim(other, call)).status).toBe(201);
    const { body } = await running.call<{ unreadable: { key: string }[] }>('GET', '/health/ready', { replica });
    expect(body.unreadable.map(({ key }) => key).sort()).toEqual([slug, voucherId].sort());
    await running.makePage(slug, [voucherId, other]);
    await running.define({}, { voucherId, version: 2 });
    await eventually('both are there again', async () => {
      const page = await running.page(slug, call);
      return page.status === 200 && page.body.modules.length === 2 && page.body.unavailable === undefined;
    });
  });
});

describe('a rebuild', () => {
  it('reads a partition from the ledger if Kafka keeps no outcomes of it any more', async () => {
    const topic = running.names.topics.outcomes;
    await eventually('the live one has read all', async () => {
      const { rows } = await running.database.query('SELECT partition, next_seq::int AS next FROM positions');
      return rows.every(({ partition, next }) => next === (running.ledger.rows.get(partition)?.length ?? 0) + 1);
    });
    const admin = running.kafka.client().admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
    });
    await admin.disconnect();
    const report = await rebuildReadModel(running.environment);
    expect(report.differences).toEqual([]);
  }, 60_000);
});
