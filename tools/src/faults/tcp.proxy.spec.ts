import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { TcpProxy } from './tcp.proxy.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server that answers every chunk by `answer`, and a proxy before it. */
async function proxied(answer: (port: number) => Buffer[], kafka: boolean): Promise<{ proxy: TcpProxy; port: number }> {
  const server = createServer((socket: Socket) => {
    socket.setNoDelay(true).on('error', () => undefined);
    socket.on('data', async () => {
      for (const part of answer(port)) await new Promise((resolve) => socket.write(part, resolve));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;
  const proxy = await TcpProxy.to({ host: '127.0.0.1', port }, { kafka });
  ends.push(
    () => server.close(),
    () => proxy.stop(),
  );
  return { proxy, port };
}

async function ask(port: number, bytes: number): Promise<Buffer> {
  const socket = connect({ host: '127.0.0.1', port });
  ends.push(() => socket.destroy());
  socket.write('?');
  let answer = Buffer.alloc(0);
  while (answer.length < bytes) answer = Buffer.concat([answer, (await once(socket, 'data'))[0] as Buffer]);
  return answer;
}

const place = (port: number): Buffer =>
  Buffer.concat([Buffer.from('127.0.0.1'), Buffer.from([0, 0, port >> 8, port & 255])]);

describe('the proxy', () => {
  it('refuses connections while it is cut, and passes data after it is restored', async () => {
    const { proxy } = await proxied(() => [Buffer.from('yes')], false);
    expect(String(await ask(proxy.port, 3))).toBe('yes');
    await proxy.cut();
    await expect(ask(proxy.port, 3)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.restore();
    expect(String(await ask(proxy.port, 3))).toBe('yes');
  });

  it.each([1, 3, 4, 12, 20])(
    'replaces the broker’s port by its own, also if a chunk ends at byte %i',
    async (split) => {
      const answer = (at: number): Buffer => {
        const body = Buffer.concat([Buffer.from('ab'), place(at), Buffer.from('127.0.0.1'), place(at)]);
        return Buffer.concat([Buffer.from([0, 0, 0, body.length]), body]);
      };
      const { proxy, port } = await proxied(
        (own) => [answer(own).subarray(0, split), answer(own).subarray(split)],
        true,
      );
      expect(port).not.toBe(proxy.port);
      expect(await ask(proxy.port, answer(port).length)).toEqual(answer(proxy.port));
    },
  );

  it('stalls silently, and passes everything later', async () => {
    const { proxy } = await proxied(() => [Buffer.from('yes')], false);
    proxy.stall();
    let answered = false;
    const answer = ask(proxy.port, 3).then((bytes) => {
      answered = true;
      return bytes;
    });
    const other = await proxied(() => [Buffer.from('meanwhile')], false);
    expect(String(await ask(other.proxy.port, 9))).toBe('meanwhile');
    expect(answered).toBe(false);
    proxy.flow();
    expect(String(await answer)).toBe('yes');
  });

  it('hides that the other end is gone, and accepts new connections', async () => {
    const { proxy } = await proxied(() => [Buffer.from('yes')], false);
    const socket = connect({ host: '127.0.0.1', port: proxy.port });
    ends.push(() => socket.destroy());
    await once(socket, 'connect');
    let events = '';
    for (const event of ['data', 'close', 'error']) socket.on(event, () => (events += event));
    await eventually('the connection is there', () => proxy.connections > 0);
    proxy.halfOpen();
    socket.write('?');
    expect(String(await ask(proxy.port, 3))).toBe('yes');
    expect(events).toBe('');
  });

  it('holds matching bytes, and passes all, a part or none of them', async () => {
    const { proxy } = await proxied(() => [Buffer.from('yes')], false);
    const whole = proxy.hold('asks', (bytes) => bytes.includes('?'));
    const first = ask(proxy.port, 3);
    (await whole).release();
    expect(String(await first)).toBe('yes');
    const lost = proxy.holdAnswerTo((bytes) => bytes.includes('?'));
    const refused = expect(ask(proxy.port, 3)).rejects.toMatchObject({ code: 'ECONNRESET' });
    (await lost).drop();
    await refused;
    const half = proxy.hold('answers', (bytes) => String(bytes) === 'yes');
    const second = ask(proxy.port, 1);
    (await half).release(1);
    expect(String(await second)).toBe('y');
  });

  it.each([1, 2])('slices into pieces of %i bytes', async (sliceBytes) => {
    const { proxy } = await proxied(() => [Buffer.from('abc')], false);
    proxy.sliceBytes = sliceBytes;
    proxy.latencyMs = 5;
    expect(String(await ask(proxy.port, 3))).toBe('abc');
  });
});
