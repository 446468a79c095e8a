import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ask, eachOf } from './service-calls.ts';

let server: Server | undefined;
const signal = new AbortController().signal;

/** A service that answers with these statuses in turn, then always with the last. 0 breaks the connection. */
async function serviceThat(...statuses: number[]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(String(request.headers['idempotency-key']));
    const status = statuses[Math.min(asked.length, statuses.length) - 1]!;
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status).end(JSON.stringify({ status }));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/x`, asked };
}
afterEach(() => void server?.close());

describe('ask', () => {
  it.each([[202], [429], [503], [0]])('repeats the request after %i, with the same key', async (status) => {
    const { url, asked } = await serviceThat(status, status, 201);
    const answer = await ask<{ status: number }>(
      { method: 'POST', url, headers: { 'Idempotency-Key': 'k' } },
      [201],
      signal,
    );
    expect(answer.body).toEqual({ status: 201 });
    expect(asked).toEqual(['k', 'k', 'k']);
  });

  it('does not repeat after a refusal, and reports it', async () => {
    const { url, asked } = await serviceThat(409);
    await expect(ask({ method: 'POST', url, headers: { 'Idempotency-Key': 'k' } }, [201], signal)).rejects.toThrow(
      'POST /v1/x: 409 {"status":409}',
    );
    expect(asked).toHaveLength(1);
  });

  it('does not repeat a write without a key after a broken connection', async () => {
    const { url, asked } = await serviceThat(0, 201);
    await expect(ask({ method: 'POST', url, headers: {} }, [201], signal)).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });
});

describe('eachOf', () => {
  it('keeps the order per key, with at most `width` items under way', async () => {
    const order = new Map<string, number[]>();
    let inFlight = 0;
    let most = 0;
    const items = Array.from({ length: 60 }, (_, index) => ({ key: `k${index % 7}`, index }));
    await eachOf(
      items,
      5,
      ({ key }) => key,
      async ({ key, index }) => {
        most = Math.max(most, (inFlight += 1));
        for (let turn = 0; turn < (index * 13) % 5; turn += 1) await new Promise(setImmediate);
        order.set(key, [...(order.get(key) ?? []), index]);
        inFlight -= 1;
      },
    );
    expect(most).toBe(5);
    expect([...order.values()].flat()).toHaveLength(60);
    for (const indices of order.values()) expect(indices).toEqual(indices.toSorted((a, b) => a - b));
  });

  it('ends with the first failure', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      if (item === 2) throw new Error('two');
    };
    await expect(eachOf([1, 2, 3, 4, 5, 6], 1, String, work)).rejects.toThrow('two');
    expect(begun).toEqual([1, 2]);
  });
});
