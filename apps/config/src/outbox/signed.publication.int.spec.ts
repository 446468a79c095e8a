// config publishes everything again, signed, when it begins to sign, by another key, or under another mode.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HEADERS } from '@vouchers/contracts';
import { Signer, signingKeysIn } from '@vouchers/contracts/signatures';
import type { IncomingRecord } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { startConfig, type RunningConfig } from '../../testing/config.service.ts';

const keyOf = (id: string): string => `${id}:${Buffer.alloc(32, id).toString('base64url')}`;
const signer = new Signer(signingKeysIn(`${keyOf('a')} ${keyOf('b')}`));

let config: RunningConfig;
beforeAll(async () => {
  config = await startConfig();
}, 60_000);
afterAll(() => config.stop());

/** The newest record of each key, as compaction leaves it: its version, or `deleted`, and the key that signed it. */
async function newest(topic: 'definitions' | 'pages'): Promise<Map<string, string>> {
  const shown = (record: IncomingRecord): string => {
    const { value, headers, key } = record;
    const what =
      value === null ? `deleted ${headers[HEADERS.version]}` : `version ${JSON.parse(String(value)).version}`;
    const signature = headers[HEADERS.signature];
    if (signature === undefined) return `${what} unsigned`;
    const [type, version] = [headers[HEADERS.type]!, value === null ? headers[HEADERS.version] : undefined];
    const fault = signer.faultOf(signature, { topic: config.settings.topics[topic], key, type, value, version });
    return `${what} by ${signature.split(':')[0]}${fault ? ` ${fault}` : ''}`;
  };
  return new Map((await config.records(topic)).map((record) => [record.key!, shown(record)]));
}

async function restart(mode: string, ...keys: string[]): Promise<void> {
  const { settings } = config;
  Object.assign(settings, { submissionSignatures: mode, submissionKeys: signingKeysIn(keys.map(keyOf).join()) });
  await config.restart();
}
const signedAs = async (): Promise<string | undefined> =>
  (await config.pool.query<{ signed_as: string }>('SELECT signed_as FROM signed_publication')).rows[0]?.signed_as;
const published = (mode: string, key: string): Promise<unknown> =>
  eventually('all is published', async () => (await signedAs())?.startsWith(`${mode} ${key}:`), { timeoutMs: 30_000 });
const count = async (): Promise<number> => (await config.records('definitions')).length;

it('vouchers, pages and deleted pages are signed by the present key', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1) ids.push((await config.create()).id);
  await config.call('POST', `/v1/vouchers/${ids[3]}/publish`);
  for (const slug of ['kept', 'gone', 'back'])
    await config.call('PUT', `/v1/pages/${slug}`, { title: slug, voucherIds: [] });
  const match = { headers: { 'if-match': '"1"' } };
  for (const slug of ['gone', 'back']) await config.call('DELETE', `/v1/pages/${slug}`, undefined, match);
  await config.call('PUT', '/v1/pages/back', { title: 'back', voucherIds: [] });
  const expectSigned = async (how: string): Promise<void> => {
    const vouchers = ids.map((id, index) => [id, `version ${index === 3 ? 2 : 1} ${how}`]);
    expect([...(await newest('definitions'))].toSorted()).toEqual(vouchers.toSorted());
    expect([...(await newest('pages'))].toSorted()).toEqual([
      ['back', `version 3 ${how}`],
      ['gone', `deleted 2 ${how}`],
      ['kept', `version 1 ${how}`],
    ]);
  };
  await expectSigned('unsigned');

  await restart('accept', 'a');
  await published('accept', 'a');
  await expectSigned('by a');
  const before = await count();
  await restart('accept', 'a', 'b');
  expect(await count()).toBe(before);

  await restart('require', 'b', 'a');
  await published('require', 'b');
  await expectSigned('by b');

  await restart('off');
  await eventually('nothing counts as signed', async () => (await signedAs()) === undefined);
  await config.call('POST', `/v1/vouchers/${ids[3]}/pause`);
  await restart('require', 'b');
  await published('require', 'b');
  expect((await newest('definitions')).get(ids[3]!)).toBe('version 3 by b');
  // Each topic has a signature of its own.
  const records = (await config.records('submissions')).filter(({ headers }) => headers[HEADERS.signature]);
  expect(records).toEqual([]);
  await config.call('POST', `/v1/vouchers/${ids[3]}/resume`);
  const last = (await config.records('submissions')).findLast(({ key }) => key === ids[3])!;
  const { key, value, headers } = last;
  const parts = { topic: config.settings.topics.submissions, key, type: headers[HEADERS.type]!, value };
  expect(signer.faultOf(headers[HEADERS.signature], parts)).toBeUndefined();
}, 90_000);
