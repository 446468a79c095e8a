import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startConfig, type Answer, type Ask, type RunningConfig } from '../../testing/config.service.ts';

describe('saved items', () => {
  let config: RunningConfig;
  beforeAll(async () => {
    config = await startConfig();
  }, 60_000);
  afterAll(() => config.stop());

  const save = (path: string, value: unknown, ask?: Ask): Promise<Answer> =>
    config.call('PUT', `/v1/saved/${path}`, { value }, ask);
  const names = async (kind: string, ask?: Ask): Promise<string[]> => {
    const { body } = await config.call('GET', `/v1/saved/${kind}`, undefined, ask);
    return body.items.map(({ name }: { name: string }) => name);
  };

  it('are replaced by name, listed by pages, and deleted', async () => {
    await save('views/b', { soldOut: true });
    await save('views/%E8%8C%B6', {});
    expect(await save('views/b', { state: 'draft' })).toMatchObject({
      status: 200,
      body: { name: 'b', value: { state: 'draft' }, at: expect.any(String) },
    });
    const first = await config.call('GET', '/v1/saved/views?limit=1');
    expect(first.body.items).toMatchObject([{ name: 'b', value: { state: 'draft' } }]);
    const rest = await config.call('GET', `/v1/saved/views?limit=1&after=${first.body.next}`);
    expect([rest.body.items[0].name, rest.body.next]).toEqual(['茶', null]);
    for (const _ of [1, 2]) expect((await config.call('DELETE', '/v1/saved/views/b')).status).toBe(204);
    expect(await names('views')).toEqual(['茶']);
  });

  it('are the own ones of a user, or of a team', async () => {
    await save('views/mine', {}, { sub: 'ann', team: 'saving' });
    await save('templates/ours', {}, { sub: 'ann', team: 'saving' });
    expect(await names('views', { sub: 'ben', team: 'saving' })).toEqual([]);
    expect(await names('templates', { sub: 'ben', team: 'saving' })).toEqual(['ours']);
    expect(await names('templates', { sub: 'ann', team: 'another' })).toEqual([]);
  });

  it('that are templates need vouchers:write', async () => {
    const reader = { scope: 'vouchers:read' };
    expect((await save('templates/a', {}, reader)).status).toBe(403);
    expect((await config.call('DELETE', '/v1/saved/templates/a', undefined, reader)).status).toBe(403);
    expect((await save('views/of-a-reader', {}, reader)).status).toBe(200);
  });

  it('have a limit', async () => {
    const few = { sub: 'many', team: 'many' };
    for (let count = 0; count < 50; count += 1) expect((await save(`views/${count}`, {}, few)).status).toBe(200);
    const { status, body } = await save('views/one-more', {}, few);
    expect([status, body.reason, body.errors]).toMatchObject([409, 'quota', [{ code: 'quota', params: { most: 50 } }]]);
    expect((await save('views/7', { again: true }, few)).status).toBe(200);
    expect((await save('views/7', { long: 'x'.repeat(65_536) }, few)).status).toBe(413);
  });

  it.each([
    ['PUT', 'views/x', {}, 400],
    ['PUT', 'views/x', { value: [] }, 400],
    ['PUT', 'views/x', { value: {}, more: 1 }, 400],
    ['PUT', `views/${'x'.repeat(61)}`, { value: {} }, 404],
    ['PUT', 'views/%20', { value: {} }, 404],
    ['PUT', 'others/x', { value: {} }, 404],
    ['GET', 'others', undefined, 404],
  ])('%s %s of %j is answered %s', async (method, path, body, status) => {
    expect((await config.call(method, `/v1/saved/${path}`, body)).status).toBe(status);
  });
});
