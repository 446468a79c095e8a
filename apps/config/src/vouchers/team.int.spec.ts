import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALL_SCOPES, SPEC, startConfig, type Answer, type RunningConfig } from '../../testing/config.service.ts';

const MODES = { open: 'any', team: ['shop'] };

describe.each(Object.entries(MODES))('teams with TENANCY=%s', (mode, unnamed) => {
  let config: RunningConfig;
  beforeAll(async () => {
    config = await startConfig({ TENANCY: mode });
  }, 60_000);
  afterAll(() => config.stop());

  const shop = (method: string, path: string, body?: unknown, version?: number): Promise<Answer> =>
    config.call(method, path, body, { team: 'shop', headers: version ? { 'if-match': `"${version}"` } : {} });
  const teamsOf = ({ redeemers, placements }: Record<string, unknown>) => ({ redeemers, placements });
  const neither = { redeemers: unnamed, placements: unnamed };

  it('are filled in where the author names none, each for itself', async () => {
    const made = await shop('POST', '/v1/vouchers', SPEC);
    expect(teamsOf(made.body)).toEqual(neither);
    const named = await shop('POST', '/v1/vouchers', { ...SPEC, redeemers: ['till'] });
    expect(teamsOf(named.body)).toEqual({ ...neither, redeemers: ['till'] });
    const batch = await shop('POST', '/v1/vouchers/batch', {
      items: [SPEC, { ...SPEC, placements: ['mall', 'shop'] }],
    });
    expect(batch.body.items.map(teamsOf)).toEqual([neither, { ...neither, placements: ['mall', 'shop'] }]);
    // A voucher is replaced whole, so the lists that a PUT leaves out are filled in again.
    const put = await shop('PUT', `/v1/vouchers/${named.body.id}`, SPEC, 1);
    expect(teamsOf(put.body)).toEqual(neither);
  });

  it('are in the definition that the ledger and page-delivery get', async () => {
    const { id } = (await shop('POST', '/v1/vouchers', { ...SPEC, placements: ['mall'] })).body;
    await shop('POST', `/v1/vouchers/${id}/publish`);
    const published = (await config.records('definitions')).findLast(({ key }) => key === id)!;
    expect(teamsOf(JSON.parse(String(published.value)).spec)).toEqual({ ...neither, placements: ['mall'] });
  });

  it.each<[string, unknown, string]>([
    ['no list', 'shop', '/placements'],
    ['an empty list', [], '/placements'],
    ['more than 20', Array.from({ length: 21 }, (_, index) => `team-${index}`), '/placements'],
    ['a team twice', ['shop', 'shop'], '/placements'],
    ['a team without a name', ['shop', ''], '/placements/1'],
    ['a number', ['shop', 1], '/placements/1'],
  ])('are refused as %s', async (_, placements, pointer) => {
    const { status, body } = await shop('POST', '/v1/vouchers', { ...SPEC, placements });
    expect([status, body.errors.map((fault: { pointer: string }) => fault.pointer)]).toEqual([400, [pointer]]);
  });

  it('decide on whose pages a voucher stands', async () => {
    const put = (slug: string, voucherIds: string[], team: string) =>
      config.call('PUT', `/v1/pages/${slug}`, { title: 'Page', voucherIds }, { team });
    const [own, malls, everyones] = await Promise.all(
      [['shop'], ['mall'], 'any'].map((placements) => shop('POST', '/v1/vouchers', { ...SPEC, placements })),
    ).then((made) => made.map(({ body }) => body.id as string) as [string, string, string]);
    expect((await put('allowed', [malls, everyones], 'mall')).status).toBe(201);
    const refused = await put('refused', [everyones, own], 'mall');
    const told = mode === 'open' ? expect.stringContaining('may not stand on pages of the team mall') : 'is no voucher';
    expect([refused.status, refused.body.errors]).toMatchObject([400, [{ pointer: '/voucherIds/1', message: told }]]);
    // A voucher's own team may leave itself out, too.
    const left = await put('left', [malls], 'shop');
    expect(left.body.errors).toMatchObject([
      { pointer: '/voucherIds/0', message: expect.stringContaining('may not stand on pages of the team shop') },
    ]);
  });

  it('stand on every page where release 0.1.0 has saved no list', async () => {
    const { id } = (await shop('POST', '/v1/vouchers', SPEC)).body;
    await config.pool.query(
      `UPDATE vouchers SET spec = (spec::jsonb - 'placements' - 'redeemers')::json WHERE id = $1`,
      [id],
    );
    const page = { title: 'Page', voucherIds: [id] };
    expect((await config.call('PUT', `/v1/pages/former-${mode}`, page, { team: 'mall' })).status).toBe(201);
  });

  it('have the activities of release 0.1.0, which writes none: those of their vouchers and pages', async () => {
    const { id } = (await shop('POST', '/v1/vouchers', SPEC)).body;
    await shop('PUT', '/v1/pages/ours', { title: 'Ours', voucherIds: [] });
    await config.pool.query(
      `INSERT INTO activity (at, by, action, voucher_id, slug, version)
       VALUES (now(), 'former', 'change', $1, NULL, 1), (now(), 'former', 'change', NULL, 'ours', 1)`,
      [id],
    );
    const listed = async (team: string) =>
      (await config.call('GET', '/v1/activity?by=former', undefined, { team, scope: ALL_SCOPES })).body.items;
    expect(await listed('shop')).toMatchObject([
      { team: 'shop', slug: 'ours' },
      { team: 'shop', voucherId: id },
    ]);
    expect(await listed('mall')).toHaveLength(mode === 'open' ? 2 : 0);
  });
});
