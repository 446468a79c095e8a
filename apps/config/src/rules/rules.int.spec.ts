import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startConfig, type RunningConfig } from '../../testing/config.service.ts';

describe('rules, attributes and addresses', () => {
  let config: RunningConfig;
  beforeAll(async () => {
    config = await startConfig();
  }, 60_000);
  afterAll(() => config.stop());

  it.each([
    ['claim', "user.tier in ['gold', 'vip']", true],
    ['use', 'order.amount >= 10000', true],
    ['claim', 'user.tier ==', false],
    ['enable', "user.tier == 'gold'", false],
    ['claim', 'order.amount > 1', false],
  ])('tell whether the %s node may have %s: %s', async (node, when, ok) => {
    const { status, body } = await config.call('POST', '/v1/rules/check', { node, when });
    expect([status, body.ok, body.errors.length > 0]).toEqual([200, ok, !ok]);
    for (const error of body.errors) expect(error).toMatchObject({ message: expect.any(String), line: 1 });
  });

  it('name each fault of a check', async () => {
    const { status, body } = await config.call('POST', '/v1/rules/check', { node: 'buy', more: 1 });
    expect([status, body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()]).toEqual([
      400,
      ['/more', '/node', '/when'],
    ]);
  });

  it('list the user attributes that conditions may name', async () => {
    const { body } = await config.call('GET', '/v1/user-attributes');
    expect(body.items).toContainEqual(expect.objectContaining({ name: 'tier', type: 'string' }));
  });

  it('show the console its addresses without a token', async () => {
    const { status, body } = await config.call('GET', '/console.json', undefined, { headers: { authorization: '' } });
    expect([status, body.issuer]).toEqual([200, config.settings.issuer]);
  });
});
