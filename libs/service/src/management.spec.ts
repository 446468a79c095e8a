import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startThings, type Things } from '../testing/things.service.ts';

const PATHS = ['/health/live', '/health/ready', '/metrics', '/docs', '/docs-json', '/v1/things', '/none'];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const statuses = async (base: string): Promise<Record<string, number>> =>
  Object.fromEntries(await Promise.all(PATHS.map(async (path) => [path, (await fetch(base + path)).status] as const)));

describe('a port for operators', () => {
  let things: Things;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    things = await startThings(undefined, { MANAGEMENT_PORT: String(port) });
  });
  afterAll(() => things.stop());

  it('has metrics, documents and health, and nothing else', async () => {
    expect(await statuses(`http://127.0.0.1:${port}`)).toEqual({
      ...{ '/health/live': 200, '/health/ready': 200, '/metrics': 200, '/docs': 200, '/docs-json': 200 },
      ...{ '/v1/things': 404, '/none': 404 },
    });
  });

  it('leaves the rest, and health, to the port of callers', async () => {
    expect(await statuses(things.base)).toEqual({
      ...{ '/health/live': 200, '/health/ready': 200, '/metrics': 404, '/docs': 404, '/docs-json': 404 },
      ...{ '/v1/things': 401, '/none': 404 },
    });
  });

  it.each([
    ['open', [1, 1]],
    ['team', [1, undefined]],
  ])('with TENANCY=%s, the ports list %j parked things', async (tenancy, expected) => {
    const own = await freePort();
    const apart = await startThings(undefined, { MANAGEMENT_PORT: String(own), TENANCY: tenancy });
    const parked = async (base: string): Promise<number | undefined> =>
      ((await (await fetch(`${base}/health/ready`)).json()) as { parked?: object[] }).parked?.length;
    expect([await parked(`http://127.0.0.1:${own}`), await parked(apart.base)]).toEqual(expected);
    await apart.stop();
  });

  it('ends with the service', async () => {
    const other = await freePort();
    const short = await startThings(undefined, { MANAGEMENT_PORT: String(other) });
    await fetch(`http://127.0.0.1:${other}/health/live`);
    await short.stop();
    await expect(fetch(`http://127.0.0.1:${other}/health/live`)).rejects.toThrow();
  });
});

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && !address.internal && address.family === 'IPv4')?.address;

describe('the address', () => {
  const reaches = (things: Things): Promise<boolean> =>
    fetch(`http://${outside ?? '127.0.0.2'}:${new URL(things.base).port}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );

  it('is this machine alone, unless HOST says otherwise', async () => {
    const [own, all] = [await startThings(), await startThings(undefined, { HOST: '0.0.0.0' })];
    expect([await reaches(own), await reaches(all)]).toEqual([false, true]);
    await Promise.all([own.stop(), all.stop()]);
  });
});
