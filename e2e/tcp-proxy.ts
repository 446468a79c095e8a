// A connection that can be cut: between the services and Postgres, or Kafka.
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Takes connections again, on the same port. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Listens on a free port of 127.0.0.1 and passes everything to `target`.
 * @param kafka The broker names its own address in its answers, and clients would go there past the proxy: so the
 *   proxy puts its own port in its place (host, then port as int32, in every version of the protocol).
 */
export async function tcpProxy(target: { host: string; port: number }, { kafka = false } = {}): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let port = 0;
  let server: Server;

  const take = (client: Socket): void => {
    const upstream = connect(target);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy()).on('close', () => (open.delete(from), to.destroy()));
    }
    client.pipe(upstream);
    if (!kafka) return void upstream.pipe(client);
    const replace = replacing(address(target.host, target.port), address(target.host, port));
    upstream.on('data', (chunk: Buffer) => client.write(replace(chunk)));
  };
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer(take);
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });

  await listen();
  return { host: target.host, port, cut, restore: listen, stop: cut };
}

function address(host: string, port: number): Buffer {
  const bytes = Buffer.from(`${host}\0\0\0\0`);
  bytes.writeInt32BE(port, bytes.length - 4);
  return bytes;
}

/** Replaces in a stream of Kafka's answers, each of them whole: int32 length, then so many bytes. */
function replacing(from: Buffer, to: Buffer): (chunk: Buffer) => Buffer {
  let kept = Buffer.alloc(0);
  return (chunk) => {
    const bytes = Buffer.concat([kept, chunk]);
    let end = 0;
    while (bytes.length >= end + 4 && bytes.length >= end + 4 + bytes.readInt32BE(end))
      end += 4 + bytes.readInt32BE(end);
    kept = bytes.subarray(end);
    const whole = bytes.subarray(0, end);
    for (let at = whole.indexOf(from); at >= 0; at = whole.indexOf(from, at + to.length)) to.copy(whole, at);
    return whole;
  };
}
