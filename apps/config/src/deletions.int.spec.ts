import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startConfig, type Answer, type RunningConfig } from '../testing/config.service.ts';

let config: RunningConfig;
beforeAll(async () => {
  config = await startConfig();
}, 60_000);
afterAll(() => config.stop());

const remove = (path: string, tag: string | undefined = '"1"', team?: string): Promise<Answer> =>
  config.call('DELETE', path, undefined, { team, headers: tag ? { 'if-match': tag } : {} });
const putPage = (slug: string, voucherIds: string[] = [], tag?: string): Promise<Answer> =>
  config.call('PUT', `/v1/pages/${slug}`, { title: slug, voucherIds }, { headers: tag ? { 'if-match': tag } : {} });
const recordsOf = async (topic: 'definitions' | 'pages', key: string) =>
  (await config.records(topic)).filter((record) => record.key === key);

describe('the deletion of a draft', () => {
  it('answers 204; the voucher is then unknown, and the deletion is in the activity and on the topic', async () => {
    const { id } = await config.create();
    const answer = await remove(`/v1/vouchers/${id}`);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    for (const path of ['', '/versions', '/versions/1'])
      expect((await config.call('GET', `/v1/vouchers/${id}${path}`)).status).toBe(404);
    expect((await config.call('GET', `/v1/vouchers/${id}`)).body.reason).toBe('unknown-voucher');
    expect((await remove(`/v1/vouchers/${id}`, '"2"')).body).toMatchObject({ status: 404, reason: 'unknown-voucher' });
    expect((await config.call('GET', `/v1/activity?voucherId=${id}`)).body.items).toMatchObject([
      { action: 'delete', version: 2, by: 'staff' },
      { action: 'create', version: 1 },
    ]);
    const records = await recordsOf('definitions', id);
    expect(records.map(({ value }) => value === null)).toEqual([false, true]);
    expect(records[1]!.headers['ce_version']).toBe('2');
    expect((await config.records('submissions')).filter(({ key }) => key === id)).toHaveLength(1);
    expect((await config.pool.query('SELECT FROM outbox')).rowCount).toBe(0);
  });

  it('also deletes versions that were not published yet', async () => {
    const { id } = await config.create();
    await config.pool.query(`INSERT INTO outbox (kind, key, version, due_at) VALUES ('voucher', $1, 7, 'infinity')`, [
      id,
    ]);
    expect((await remove(`/v1/vouchers/${id}`)).status).toBe(204);
    expect((await recordsOf('definitions', id)).at(-1)!.value).toBeNull();
    expect((await config.pool.query('SELECT FROM outbox')).rowCount).toBe(0);
  });

  it.each<[number, string, string | undefined, string | undefined]>([
    [428, 'without If-Match', '', 'other'],
    [403, 'by another team', '"9"', 'other'],
    [412, 'with an old If-Match', '"9"', undefined],
  ])('is answered %i %s', async (status, _, tag, team) => {
    const { id } = await config.create();
    await putPage(`kept-${status}`);
    for (const path of [`/v1/vouchers/${id}`, `/v1/pages/kept-${status}`]) {
      expect((await remove(path, tag, team)).status).toBe(status);
      expect((await config.call('GET', path)).status).toBe(200);
    }
  });

  it.each(['publish', 'terminate'])('is refused after %s: not-draft', async (step) => {
    const { id } = await config.create();
    await config.call('POST', `/v1/vouchers/${id}/${step}`);
    expect((await remove(`/v1/vouchers/${id}`, '"2"')).body).toMatchObject({ status: 409, reason: 'not-draft' });
  });

  it('does not change the pages that list it, but they cannot be saved with it again', async () => {
    const { id } = await config.create();
    await putPage('lists', [id]);
    expect((await remove(`/v1/vouchers/${id}`)).status).toBe(204);
    expect((await config.call('GET', '/v1/pages/lists')).body.voucherIds).toEqual([id]);
    expect((await putPage('lists', [id], '"1"')).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/voucherIds/0' }],
    });
    expect((await putPage('lists', [], '"1"')).status).toBe(200);
  });

  it('and a concurrent change do not both succeed', async () => {
    const { id } = await config.create();
    const [deleted, published] = await Promise.all([
      remove(`/v1/vouchers/${id}`),
      config.call('POST', `/v1/vouchers/${id}/publish`),
    ]);
    expect([
      [204, 404],
      [412, 200],
    ]).toContainEqual([deleted.status, published.status]);
  });
});

describe('the deletion of a page', () => {
  it('answers 204; if the page is made again, its versions continue, so that no old ETag matches', async () => {
    await putPage('again');
    await putPage('again', [], '"1"');
    expect((await remove('/v1/pages/again', '"2"')).status).toBe(204);
    expect((await config.call('GET', '/v1/pages/again')).status).toBe(404);
    expect((await remove('/v1/pages/again', '"3"')).status).toBe(404);
    expect((await putPage('again', [], '"2"')).status).toBe(412);
    const made = await putPage('again');
    expect([made.status, made.headers.get('etag'), made.headers.get('location')]).toEqual([
      201,
      '"4"',
      '/v1/pages/again',
    ]);
    expect((await putPage('again', [], '"1"')).status).toBe(412);
    const records = await recordsOf('pages', 'again');
    expect(records.map(({ value }) => value && JSON.parse(String(value)).version)).toEqual([1, 2, null, 4]);
    expect(records[2]!.headers['ce_version']).toBe('3');
    const { body } = await config.call('GET', '/v1/activity?limit=4');
    expect(body.items.map(({ action, version }: { action: string; version: number }) => [action, version])).toEqual([
      ['create', 4],
      ['delete', 3],
      ['change', 2],
      ['create', 1],
    ]);
  });
});
