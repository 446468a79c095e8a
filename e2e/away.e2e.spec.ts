// Kafka or Postgres is away: answers are 503 with Retry-After, nothing is accepted, and all recovers by itself later.
import type { Claim, Counters, List, PageData, Voucher } from '@vouchers/contracts';
import { brokers, databaseUrl, eventually, startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTING, publishedVoucher, send, STAFF } from './requests.ts';
import { TcpProxy } from '@vouchers/tools';

const AWAY_MS = { timeoutMs: 30_000 };
const BACK_MS = { timeoutMs: 60_000 };

describe('a server goes away and returns', () => {
  let services: TestServices;
  let kafka: TcpProxy;
  let postgres: TcpProxy;
  let token: string;
  let acting: string;
  let voucher: Voucher;
  beforeAll(async () => {
    const url = new URL(databaseUrl());
    const [host, port] = brokers()[0]!.split(':');
    kafka = await TcpProxy.to({ host: host!, port: Number(port) }, { kafka: true });
    postgres = await TcpProxy.to({ host: url.hostname, port: Number(url.port) });
    url.hostname = postgres.host;
    url.port = String(postgres.port);
    services = await startServices({
      environment: { DATABASE_URL: url.href, KAFKA_BROKERS: `${kafka.host}:${kafka.port}` },
    });
    [token, acting] = await Promise.all([services.signToken({ scope: STAFF }), services.signToken({ scope: ACTING })]);
    voucher = await publishedVoucher(services, token);
    const body = { title: 'A page', voucherIds: [voucher.id] };
    await send('PUT', `${services.urls.config}/v1/pages/a-page`, { token, body });
    await claim('before');
  }, 90_000);
  afterAll(async () => {
    await services?.stop();
    await Promise.all([kafka?.stop(), postgres?.stop()]);
  });

  const acts = (user: string): { token: string; headers: Record<string, string> } => ({
    token: acting,
    headers: { 'X-User-Id': user },
  });
  const claim = (user: string) =>
    send<Claim>('POST', `${services.urls['page-delivery']}/v1/vouchers/${voucher.id}/claims`, {
      ...acts(user),
      key: `key-${user}`,
    });
  const create = (name: string) =>
    send('POST', `${services.urls.config}/v1/vouchers`, {
      token,
      body: {
        name,
        resourceType: 'coupon',
        windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
      },
    });
  const claimed = async (): Promise<number> =>
    (await send<Counters>('GET', `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`, { token })).body.claimed;
  const names = async (): Promise<string[]> =>
    (
      await send<List<Voucher>>('GET', `${services.urls.config}/v1/vouchers?search=while-away`, { token })
    ).body.items.map(({ name }) => name);
  const readiness = async (status: number): Promise<boolean> =>
    (await Promise.all(Object.values(services.urls).map((url) => fetch(`${url}/health/ready`)))).every(
      (answer) => answer.status === status,
    );

  it('Kafka', async () => {
    await kafka.cut();
    const refused = await eventually(
      'a claim is told that Kafka is away',
      async () => {
        const sent = await claim('without-kafka');
        expect(sent.status).toBe(503);
        return sent;
      },
      AWAY_MS,
    );
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const created = await create('while-away-kafka');
    expect([created.status, Number(created.headers.get('retry-after')) > 0]).toEqual([503, true]);
    const page = await send<PageData>('GET', `${services.urls['page-delivery']}/v1/pages/a-page`, acts('reader'));
    expect([page.status, page.body.modules[0]?.state]).toEqual([200, 'claimable']);
    await eventually('every service says that it is not ready', () => readiness(503), AWAY_MS);

    await kafka.restore();
    await eventually(
      'the same claim, with the same key, is granted',
      async () => (await claim('without-kafka')).status === 201,
      BACK_MS,
    );
    await eventually('every service is ready', () => readiness(200), BACK_MS);
    expect(await claimed()).toBe(2);
    expect(await names()).toEqual([]);
    expect((await create('while-away-kafka')).status).toBe(201);
  }, 180_000);

  it('Postgres', async () => {
    const before = await claimed();
    await postgres.cut();
    const refused = await claim('without-postgres');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    const created = await create('while-away-postgres');
    expect([created.status, Number(created.headers.get('retry-after')) > 0]).toEqual([503, true]);
    const counters = await send('GET', `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`, { token });
    expect(counters.status).toBe(503);
    await eventually('every service says that it is not ready', () => readiness(503), AWAY_MS);

    await postgres.restore();
    await eventually(
      'the same claim, with the same key, is granted',
      async () => (await claim('without-postgres')).status === 201,
      BACK_MS,
    );
    await eventually('every service is ready', () => readiness(200), BACK_MS);
    expect(await claimed()).toBe(before + 1);
    expect(await names()).toEqual(['while-away-kafka']);
  }, 180_000);
});
