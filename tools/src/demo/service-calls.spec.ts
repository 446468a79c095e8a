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

  it('keeps the order of items with a key in common', async () => {
    const items = [['a'], ['b'], ['a', 'b'], ['c'], ['b', 'c'], ['a']];
    const ended: number[] = [];
    await eachOf(
      items.map((keys, index) => ({ keys, index })),
      6,
      ({ keys }) => keys,
      async ({ index }) => {
        for (let turn = 0; turn < 10 - index; turn += 1) await new Promise(setImmediate);
        ended.push(index);
      },
    );
    expect(ended.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    for (const [before, after] of [
      [0, 2],
      [1, 2],
      [2, 4],
      [3, 4],
      [2, 5],
    ] as const)
      expect(ended.indexOf(before)).toBeLessThan(ended.indexOf(after));
  });

  it('begins items of one moment at the same time, and the next moment after all of them', async () => {
    const items = [1, 1, 2, 2, 2, 3].map((moment, index) => ({ moment, index }));
    const told: string[] = [];
    const work = async ({ index }: (typeof items)[number]): Promise<void> => {
      told.push(`begin ${index}`);
      for (let turn = 0; turn < 10 - index; turn += 1) await new Promise(setImmediate);
      told.push(`end ${index}`);
    };
    await eachOf(
      items,
      6,
      () => 'key',
      work,
      ({ moment }) => moment,
    );
    const parts = [told.slice(0, 4), told.slice(4, 10), told.slice(10)];
    expect(parts.map((part) => part.toSorted())).toEqual([
      ['begin 0', 'begin 1', 'end 0', 'end 1'],
      ['begin 2', 'begin 3', 'begin 4', 'end 2', 'end 3', 'end 4'],
      ['begin 5', 'end 5'],
    ]);
    expect(parts[1]!.slice(0, 3)).toEqual(['begin 2', 'begin 3', 'begin 4']);
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
