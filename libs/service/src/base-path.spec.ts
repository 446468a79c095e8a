import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startThings, type Things } from '../testing/things.service.ts';

const PATH = '/shop/vouchers';
let behind: Things;
let alone: Things;
beforeAll(async () => {
  behind = await startThings(undefined, { PUBLIC_BASE_PATH: PATH });
  alone = await startThings();
});
afterAll(async () => {
  await behind.stop();
  await alone.stop();
});

const claimAt = (things: Things) =>
  things.call('POST', '/v1/things/1/claims', {
    scope: 'claims:write',
    body: '{"a":1}',
    headers: { 'idempotency-key': 'k' },
  });

it("a gateway's path is kept in Location, and in the address of the documents", async () => {
  expect((await claimAt(behind)).headers.get('location')).toBe(`${PATH}/v1/claims/1`);
  expect((await claimAt(alone)).headers.get('location')).toBe('/v1/claims/1');
  expect((await behind.call('GET', '/docs-json')).body.servers).toEqual([{ url: PATH }]);
  expect((await alone.call('GET', '/docs-json')).body.servers).toEqual([]);
});
