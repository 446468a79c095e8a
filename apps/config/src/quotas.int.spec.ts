import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { SPEC, startConfig, type Answer, type RunningConfig } from '../testing/config.service.ts';
import { DeletionsAndQuotas1764460000012 } from './migrations/1764460000012-deletions-and-quotas.ts';

let config: RunningConfig;
beforeAll(async () => {
  config = await startConfig({ QUOTA_VOUCHERS: '5', QUOTA_DRAFTS: '3', QUOTA_PAGES: '2', QUOTA_BYTES: '20000' });
}, 60_000);
afterAll(() => config.stop());

const draft = (team: string, change: object = {}): Promise<Answer> =>
  config.call('POST', '/v1/vouchers', { ...SPEC, ...change }, { team });
const batch = (team: string, count: number, publish: boolean, change: object = {}): Promise<Answer> =>
  config.call('POST', '/v1/vouchers/batch', { items: Array(count).fill({ ...SPEC, ...change }), publish }, { team });
const page = (team: string, slug: string, headers: Record<string, string> = {}): Promise<Answer> =>
  config.call('PUT', `/v1/pages/${slug}`, { title: slug, voucherIds: [] }, { team, headers });
const made = async (team: string): Promise<number> =>
  (await config.pool.query('SELECT count(*)::int AS n FROM vouchers WHERE team = $1', [team])).rows[0].n;

describe('a quota', () => {
  it('of drafts refuses the next one with 409, its setting and its limit, and not those of other teams', async () => {
    expect((await batch('drafts', 3, false)).status).toBe(201);
    const answer = await draft('drafts');
    expect(answer).toMatchObject({
      status: 409,
      body: { reason: 'quota', detail: 'QUOTA_DRAFTS: a team may have 3 drafts.' },
    });
    expect(answer.body.errors).toBeUndefined();
    expect((await draft('drafts-2')).status).toBe(201);
  });

  it('of vouchers counts drafts and published vouchers, but no terminated ones', async () => {
    const { body } = await batch('vouchers', 5, true);
    expect((await draft('vouchers')).body).toMatchObject({
      status: 409,
      reason: 'quota',
      detail: expect.stringMatching(/QUOTA_VOUCHERS.* 5 /),
    });
    await config.call('POST', `/v1/vouchers/${body.items[0].id}/terminate`, undefined, { team: 'vouchers' });
    expect((await draft('vouchers')).status).toBe(201);
    expect((await draft('vouchers')).status).toBe(409);
  });

  it.each<[boolean, string]>([
    [true, '/items/5'],
    [false, '/items/3'],
  ])(
    'counts a batch whole (publish: %s): nothing of it is made, and %s is the first that does not fit',
    async (publish, pointer) => {
      const team = `whole-${publish}`;
      const answer = await batch(team, 7, publish);
      expect(answer).toMatchObject({ status: 409, body: { reason: 'quota', errors: [{ pointer }] } });
      expect(await made(team)).toBe(0);
    },
  );

  it('of bytes counts the newest spec of each voucher', async () => {
    const description = 'é'.repeat(4_000);
    expect((await batch('bytes', 2, true, { description })).status).toBe(201);
    const answer = await batch('bytes', 2, true, { description });
    expect(answer.body).toMatchObject({
      status: 409,
      reason: 'quota',
      detail: expect.stringContaining('QUOTA_BYTES'),
      errors: [{ pointer: '/items/0' }],
    });
  });

  it('of bytes refuses an edit that would exceed it, but a team that exceeds it already may edit', async () => {
    const { body: small } = await draft('edits');
    expect((await batch('edits', 2, true, { description: 'é'.repeat(4_000) })).status).toBe(201);
    const edit = (description: string, version: number): Promise<Answer> =>
      config.call(
        'PUT',
        `/v1/vouchers/${small.id}`,
        { ...SPEC, description },
        { team: 'edits', headers: { 'if-match': `"${version}"` } },
      );
    expect((await edit('é'.repeat(3_500), 1)).body).toMatchObject({ status: 409, reason: 'quota' });
    expect((await edit('short', 1)).status).toBe(200);
    await config.pool.query(`UPDATE vouchers SET spec_bytes = 20001 WHERE team = 'edits' AND id <> $1`, [small.id]);
    expect((await edit('é'.repeat(3_500), 2)).status).toBe(200);
  });

  it('is not exceeded by concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => draft('race')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409, 409, 409, 409]);
    expect(await made('race')).toBe(3);
  });

  it('of pages refuses a new page, but no change of an existing page', async () => {
    expect([(await page('pages', 'quota-1')).status, (await page('pages', 'quota-2')).status]).toEqual([201, 201]);
    expect((await page('pages', 'quota-3')).body).toMatchObject({
      status: 409,
      reason: 'quota',
      detail: expect.stringMatching(/QUOTA_PAGES.* 2 /),
    });
    expect((await page('pages', 'quota-2', { 'if-match': '"1"' })).status).toBe(200);
  });

  it('counts vouchers that a process of an older release writes without their bytes', async () => {
    await draft('older');
    await config.pool.query(
      `INSERT INTO vouchers (id, version, intent, enabled, ended, team, name, labels, spec, created_at, updated_at, updated_by)
       SELECT gen_random_uuid(), 1, 'published', false, false, team, name, labels,
         json_build_object('description', repeat('x', 20000)), now(), now(), 'staff' FROM vouchers WHERE team = 'older'`,
    );
    expect((await draft('older')).body).toMatchObject({
      status: 409,
      reason: 'quota',
      detail: expect.stringContaining('QUOTA_BYTES'),
    });
  });

  it('counts vouchers that an older release stored: the migration counts their bytes, and may run again', async () => {
    await config.pool.query(
      `INSERT INTO vouchers (id, version, intent, enabled, ended, team, name, labels, spec, created_at, updated_at, updated_by)
       SELECT gen_random_uuid(), 1, 'draft', false, false, 'upgraded', 'x', '{}', '{"name": "é"}', now(), now(), 'staff'
       FROM generate_series(1, 1200)`,
    );
    await config.pool.query(`UPDATE vouchers SET spec_bytes = NULL WHERE team = 'upgraded'`);
    const source = await new DataSource({ type: 'postgres', url: config.settings.databaseUrl }).initialize();
    const runner = source.createQueryRunner();
    try {
      await new DeletionsAndQuotas1764460000012().up(runner);
    } finally {
      await runner.release();
      await source.destroy();
    }
    const { rows } = await config.pool.query(
      `SELECT spec_bytes AS bytes, count(*)::int AS n FROM vouchers WHERE team = 'upgraded' GROUP BY 1`,
    );
    expect(rows).toEqual([{ bytes: 14, n: 1200 }]);
    expect((await draft('upgraded')).body).toMatchObject({ status: 409, reason: 'quota' });
  });
});
