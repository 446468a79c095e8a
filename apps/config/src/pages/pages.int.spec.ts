import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { startConfig, type Answer, type RunningConfig } from '../../testing/config.service.ts';

describe('pages', () => {
  let config: RunningConfig;
  beforeAll(async () => {
    config = await startConfig();
  }, 60_000);
  afterAll(() => config.stop());

  const put = (slug: string, body: unknown, ifMatch?: string, team?: string): Promise<Answer> =>
    config.call('PUT', `/v1/pages/${slug}`, body, { team, headers: ifMatch ? { 'if-match': ifMatch } : {} });
  const pointers = ({ body }: Answer): string[] => body.errors.map(({ pointer }: { pointer: string }) => pointer);

  it('are created, changed with If-Match, read and listed', async () => {
    const made = await put('home', { title: 'Home', voucherIds: [] });
    expect(made).toMatchObject({
      status: 201,
      body: { slug: 'home', title: 'Home', version: 1, team: 'default', updatedBy: 'staff' },
    });
    expect([made.headers.get('etag'), made.headers.get('location')]).toEqual(['"1"', '/v1/pages/home']);
    expect((await put('home', { title: 'Start', voucherIds: [] }, '"1"')).body).toMatchObject({
      version: 2,
      title: 'Start',
    });
    const read = await config.call('GET', '/v1/pages/home');
    expect([read.status, read.headers.get('etag'), read.body.title]).toEqual([200, '"2"', 'Start']);
    expect((await config.call('GET', '/v1/pages')).body.items.map(({ slug }: { slug: string }) => slug)).toContain(
      'home',
    );
  });

  it('are on their topic when the answer comes, newest last', async () => {
    await put('topic', { title: 'One', voucherIds: [] });
    await put('topic', { title: 'Two', voucherIds: [] }, '"1"');
    const records = (await config.records('pages')).filter(({ key }) => key === 'topic');
    expect(records.map(({ value }) => JSON.parse(String(value)).title)).toEqual(['One', 'Two']);
    expect(records[1]!.headers).toMatchObject({
      ce_type: 'voucher.page.v1',
      ce_subject: 'topic',
      ce_specversion: '1.0',
    });
    expect(new Set(records.map(({ headers }) => headers['ce_id'])).size).toBe(2);
  });

  it.each<[number, string, unknown, string | undefined, string | undefined]>([
    [428, 'without If-Match, whatever else', {}, undefined, 'other'],
    [400, 'with a bad body', {}, '"9"', 'other'],
    [403, 'of another team', { title: 'x', voucherIds: [] }, '"9"', 'other'],
    [412, 'with an old If-Match', { title: 'x', voucherIds: [] }, '"9"', undefined],
    [412, 'with a weak If-Match', { title: 'x', voucherIds: [] }, 'W/"1"', undefined],
  ])('are answered %i %s', async (status, _, body, ifMatch, team) => {
    await put('order', { title: 'Order', voucherIds: [] });
    expect((await put('order', body, ifMatch, team)).status).toBe(status);
    expect((await config.call('GET', '/v1/pages/order')).body.version).toBe(1);
  });

  it('are refused with each fault of the body', async () => {
    const answer = await put('faulty', { title: '', voucherIds: ['x', 1, uuidv7()], more: 1 });
    expect([answer.status, pointers(answer).sort()]).toEqual([400, ['/more', '/title', '/voucherIds/1']]);
    for (const title of [' \u3000', '\u200b', '😀'.repeat(201), 7])
      expect(pointers(await put('faulty', { title, voucherIds: [] }))).toEqual(['/title']);
    expect((await put('smiling', { title: '😀'.repeat(200), voucherIds: [] })).status).toBe(201);
    const unknown = await put('faulty', { title: 'x', voucherIds: ['x', uuidv7()] });
    expect([unknown.status, pointers(unknown)]).toEqual([400, ['/voucherIds/0', '/voucherIds/1']]);
    const { id } = await config.create();
    const again = await put('faulty', { title: 'x', voucherIds: [id, id.toUpperCase()] });
    expect([again.status, again.body.errors]).toEqual([
      400,
      [{ pointer: '/voucherIds/1', message: 'is there twice', code: 'twice' }],
    ]);
    expect((await config.call('GET', '/v1/pages/faulty')).status).toBe(404);
  });

  it('have at most a thousand vouchers', async () => {
    const ids = Array.from({ length: 1_001 }, () => uuidv7());
    expect(pointers(await put('large', { title: 'x', voucherIds: ids }))).toEqual(['/voucherIds']);
    expect(pointers(await put('large', { title: 'x', voucherIds: ids.slice(1) }))).toHaveLength(1_000);
  });

  it.each(['UPPER', 'a b', 'x'.repeat(81), '%00', 'ä'])('cannot have the slug %j', async (slug) => {
    const path = encodeURIComponent(slug).replace('%2500', '%00');
    expect((await put(path, { title: 'x', voucherIds: [] })).status).toBe(400);
    expect((await config.call('GET', `/v1/pages/${path}`)).status).toBe(404);
  });

  it('that do not exist match no If-Match', async () => {
    expect((await put('new', { title: 'x', voucherIds: [] }, '"1"')).status).toBe(412);
  });

  it('that two requests create at the same time are created once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => put('race', { title: 'x', voucherIds: [] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 428, 428]);
  });

  it('appear in the activity, newest first', async () => {
    await put('seen', { title: 'x', voucherIds: [] });
    await put('seen', { title: 'y', voucherIds: [] }, '"1"');
    const { body } = await config.call('GET', '/v1/activity?by=staff&limit=2');
    expect(body.items).toMatchObject([
      { action: 'change', slug: 'seen', version: 2, by: 'staff' },
      { action: 'create', slug: 'seen', version: 1 },
    ]);
    const next = await config.call('GET', `/v1/activity?limit=2&after=${body.next}`);
    expect(next.body.items[0].slug).not.toBe('seen');
  });
});
