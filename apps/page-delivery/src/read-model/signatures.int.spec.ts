// Followers of the compacted topics take only records with a right signature, and a forgery replaces nothing.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HEADERS, PAGE_TYPE } from '@vouchers/contracts';
import { connectKafka, partitionOfKey, Producer } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { newId, PARTITIONS, Running } from '../../testing/running.ts';

const SUBMISSION_KEYS = `a:${Buffer.alloc(32, 'a').toString('base64url')}`;
const NO_LOG = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const running = new Running({ SUBMISSION_KEYS, SUBMISSION_SIGNATURES: 'require' });
/** Sends records as they are. */
const plain = new Producer(connectKafka({ brokers: running.names.brokers, clientId: 'plain', logger: NO_LOG }));

beforeAll(async () => {
  await plain.connect();
  await running.start();
}, 60_000);
afterAll(async () => {
  await plain.disconnect();
  await running.stop();
});

const alice = () => ({ token: running.tokens.alice });
const titleOf = async (slug: string, replica = 0): Promise<[number, unknown]> => {
  const { status, body } = await running.page(slug, { ...alice(), replica });
  return [status, status === 200 ? body.title : (body as { reason?: string }).reason];
};
const refused = async (): Promise<string[]> => {
  const { body } = await running.call<string>('GET', '/metrics');
  return [...body.matchAll(/^signatures_refused_total\{(.*)\} [1-9]\d*$/gm)].map(([, labels]) => labels!);
};
/** Sends a page without a signature, or the deletion of one. */
const forge = (slug: string, title: string | null, version: number, headers: Record<string, string> = {}) =>
  plain.send([
    {
      topic: running.names.topics.pages,
      partition: partitionOfKey(slug, PARTITIONS),
      key: slug,
      value:
        title === null
          ? null
          : JSON.stringify({
              ...{ slug, title, version, voucherIds: [], team: 'default' },
              ...{ updatedAt: new Date().toISOString(), updatedBy: 'mallory' },
            }),
      headers: { [HEADERS.type]: PAGE_TYPE, [HEADERS.version]: String(version), ...headers },
    },
  ]);

describe('a page or voucher without a right signature', () => {
  it('replaces and deletes nothing, is counted, and the next version is taken', async () => {
    await running.makePage('spring', []);
    expect(await titleOf('spring')).toEqual([200, 'spring']);
    await forge('spring', 'forged', 2);
    await forge('spring', null, 3);
    await forge('spring', 'forged', 4, { [HEADERS.signature]: `a:${'x'.repeat(43)}` });
    await eventually('all are refused', async () =>
      (await refused()).some((labels) => labels.includes('"pages"') && labels.includes('wrong')),
    );
    expect((await refused()).toSorted()).toEqual([
      'consumer="pages",reason="missing"',
      'consumer="pages",reason="wrong"',
    ]);
    expect(await titleOf('spring')).toEqual([200, 'spring']);
    expect((await running.call('GET', '/health/ready')).body).not.toHaveProperty('unreadable');
    const voucherId = await running.define();
    await running.makePage('spring', [voucherId], 2);
    await eventually(
      'version 2 is shown',
      async () => (await running.page('spring', alice())).body.modules.length === 1,
    );
    const claim = await running.claim(voucherId, alice());
    expect(claim.status).toBe(201);
  });

  it('is unreadable if nothing else is known of its key, also after a restart, until it comes signed', async () => {
    await forge('autumn', 'forged', 1);
    await running.makePage('winter', []);
    await eventually('it is read', async () => (await titleOf('winter'))[0] === 200);
    expect(await titleOf('autumn')).toEqual([503, 'parked']);
    const replica = await running.startReplica();
    expect(await titleOf('autumn', replica)).toEqual([503, 'parked']);
    expect(await titleOf('winter', replica)).toEqual([200, 'winter']);
    await running.makePage('autumn', []);
    await eventually('the signed one is shown', async () => (await titleOf('autumn', replica))[1] === 'autumn');
  });

  it('is taken under `accept` if it has none', async () => {
    const replica = await running.startReplica({ SUBMISSION_SIGNATURES: 'accept' });
    const slug = `p${newId()}`;
    await forge(slug, 'unsigned', 1);
    await eventually('it is shown', async () => (await titleOf(slug, replica))[1] === 'unsigned');
  });
});
