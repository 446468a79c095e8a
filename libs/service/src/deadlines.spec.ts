import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { startThings, type Things } from '../testing/things.service.ts';

let things: Things;
beforeAll(async () => {
  things = await startThings(undefined, { REQUEST_TIMEOUT_MS: '1000' });
});
afterAll(() => things.stop());

const HEAD = ['POST /v1/things HTTP/1.1', 'Host: things', 'Content-Type: application/json', 'Content-Length: 1000'];

/** Sends a text, then `drip` again and again until the service closes. @returns the whole answer */
async function dripped(head: string, drip: string): Promise<string> {
  const { hostname, port } = new URL(things.base);
  const socket: Socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.on('error', () => undefined); // a byte behind the close is answered with a reset
  socket.write(head);
  const dripping = setInterval(() => socket.write(drip), 50);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(dripping);
  return answer;
}

describe('a request that never ends', () => {
  it('in its body is closed, with 408', async () => {
    const token = await things.issuer.signToken({ scope: 'vouchers:write' });
    const head = [...HEAD, `Authorization: Bearer ${token}`, '', ''].join('\r\n');
    const answer = await dripped(head, ' ');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status: 408, title: 'Request Timeout' });
  });

  it('in its body, without a token, is answered 401 and closed', async () => {
    expect(await dripped([...HEAD, '', ''].join('\r\n'), ' ')).toMatch(/^HTTP\/1.1 401 /);
  });

  it('in its headers is closed, with 408', async () => {
    expect(await dripped(`${HEAD.join('\r\n')}\r\nX-Slow: `, 'x')).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('input that is no request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['too large a header', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
  ])('%s: problem details', async (_, head, status) => {
    const answer = await dripped(head, '');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*application/problem\\+json`));
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status });
  });
});
