// User ids of thousands of characters stopped every partition of release 0.1.0. Here they come in requests, in records
// of an older release, and in its rows. Every partition and the read model go on, also after a restart and a rebuild.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HEADERS,
  SUBMISSION_TYPES,
  TOPICS,
  uuidv7,
  type Claim,
  type DecisionTrace,
  type PageData,
  type Voucher,
} from '@vouchers/contracts';
import { brokers, databaseUrl, eventually, startServices, type TestServices } from '@vouchers/testing';
import { asAdmin, keepSettings } from '@vouchers/tools';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Actor } from './actor.ts';
import { command } from './command.ts';
import { addFormerClaims } from './former-claims.ts';
import { send } from './requests.ts';

const PARTITIONS = 4;
const VOUCHERS = 40;
const PAGE = 'forty';
const SLOW = { timeoutMs: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'long-user-id-'));

/** A random text, since Postgres compresses repetitions and would then accept it. */
const userOf = (length: number): string => randomBytes(length).toString('base64url').slice(0, length);
const LONG = userOf(3_000);

let services: TestServices;
let actor: Actor;
let vouchers: Voucher[];
/** One voucher per partition. */
let inPartition: Map<number, string>;
beforeAll(async () => {
  services = await startServices({
    environment: { KAFKA_PARTITIONS: String(PARTITIONS), OUTCOME_WAIT_MS: '30000' },
  });
  keepSettings(folder, services);
  actor = await Actor.of(services);
  vouchers = await Promise.all(Array.from({ length: VOUCHERS }, () => actor.published({})));
  await actor.config('PUT', `/pages/${PAGE}`, { title: PAGE, voucherIds: vouchers.map(({ id }) => id) });
  inPartition = new Map();
  for (const { id } of vouchers) {
    const { body } = await eventually('the ledger has the voucher', async () => {
      const sent = await actor.counters(id);
      return sent.status === 200 ? sent : undefined;
    });
    inPartition.set(body.asOf.partition, id);
  }
  expect(inPartition.size).toBe(PARTITIONS);
}, 180_000);
afterAll(async () => {
  await services?.stop();
  rmSync(folder, { recursive: true });
});

/** Expects in each partition that a claim is granted and that the read model shows it. */
async function expectAllGoOn(user: string): Promise<void> {
  for (const [partition, voucherId] of inPartition) {
    const { status, body } = await actor.claim(voucherId, { user });
    expect({ partition, status }).toEqual({ partition, status: 201 });
    await eventually(
      `the read model has the claim of partition ${partition}`,
      async () => {
        const { body: wallet } = await actor.edge<{ items: Claim[] }>('GET', '/claims', { user });
        return wallet.items?.some(({ id }) => id === body.id);
      },
      SLOW,
    );
  }
}

function ledgerUrl(): string {
  const url = new URL(databaseUrl());
  url.pathname = `/${services.namespace}_ledger`;
  return url.href;
}

/** A claim as page-delivery 0.1.0 would send it. */
function claimRecord(partition: number, voucherId: string, userId: string) {
  const [submissionId, at] = [randomUUID(), new Date().toISOString()];
  const claimId = uuidv7(Date.now(), partition, 1, Math.floor(Math.random() * 2 ** 30));
  const asked = { submissionId, voucherId, at, asker: 'tests', bodyHash: 'none' };
  return {
    submissionId,
    message: {
      partition,
      key: voucherId,
      value: JSON.stringify({ kind: 'claim', ...asked, claimId, userId, attributes: {} }),
      headers: { [HEADERS.type]: SUBMISSION_TYPES.claim, [HEADERS.submissionId]: submissionId },
    },
  };
}

describe('a user id of 3,000 characters', () => {
  it('in a token is refused: no page of 40 vouchers, no claim', async () => {
    const token = await services.signToken({ sub: LONG, scope: 'pages:read claims:write' });
    const edge = `${services.urls['page-delivery']}/v1`;
    const claims = `${edge}/vouchers/${vouchers[0]!.id}/claims`;
    expect((await send('GET', `${edge}/pages/${PAGE}`, { token })).status).toBe(401);
    expect((await send('POST', claims, { token, key: randomUUID() })).status).toBe(401);
    await expectAllGoOn('after-the-token');
  }, 120_000);

  it('in X-User-Id is refused by its name', async () => {
    const page = await actor.edge<PageData>('GET', `/pages/${PAGE}`, { user: LONG });
    expect([page.status, JSON.stringify(page.body)]).toEqual([400, expect.stringContaining('X-User-Id')]);
    expect((await actor.claim(vouchers[0]!.id, { user: LONG })).status).toBe(400);
    await expectAllGoOn('after-the-header');
  }, 120_000);
});

describe('user ids of 2,664 to 3,000 characters', () => {
  it('in records of the submissions are refused, each alone', async () => {
    const claims = [...inPartition].flatMap(([partition, voucherId]) =>
      [2_664, 2_668, 2_672, 2_700, 3_000].map((length) => claimRecord(partition, voucherId, userOf(length))),
    );
    const topic = `${services.namespace}.${TOPICS.submissions}`;
    await asAdmin(brokers().join(','), async (_, client) => {
      const producer = client.producer({ allowAutoTopicCreation: false });
      await producer.connect();
      await producer.send({ topic, messages: claims.map(({ message }) => message) });
      await producer.disconnect();
    });
    await expectAllGoOn('after-the-records');
    for (const { submissionId } of claims) {
      const url = `${services.urls.ledger}/v1/submissions/${submissionId}/decision`;
      const { body } = await send<DecisionTrace>('GET', url, { token: actor.token });
      expect(body).toMatchObject({ verdict: 'refused', reason: 'unreadable' });
    }
  }, 180_000);

  it('in claims that release 0.1.0 granted stop nobody when they are published', async () => {
    const voucher = await actor.published({ quantities: { claim: 100 } });
    const { headers } = await actor.claim(voucher.id, { user: 'the-first' });
    const partition = Number(headers.get('voucher-position')!.split(':')[0]);
    await services.kill('ledger', 'SIGTERM');
    const claims = [2_664, 2_668, 2_672].map((length) => ({
      userId: userOf(length),
      submissionId: randomUUID(),
      claimId: uuidv7(Date.now(), partition, 2, Math.floor(Math.random() * 2 ** 30)),
    }));
    await addFormerClaims(ledgerUrl(), voucher.id, claims);
    await services.restart('ledger');
    await expectAllGoOn('after-the-rows');
    expect((await actor.counters(voucher.id)).body).toMatchObject({ claimed: 4, held: 4, free: 96 });
    expect((await actor.proof(voucher.id, '?full=true')).body).toMatchObject({ holds: true, held: 4 });
  }, 180_000);

  it('hinder neither a restart nor a rebuild', async () => {
    for (const service of ['ledger', 'config', 'page-delivery'] as const) await services.restart(service);
    await expectAllGoOn('after-the-restart');
    const { exitCode, output } = await command(folder, ['rebuild']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    await expectAllGoOn('after-the-rebuild');
  }, 240_000);
});
