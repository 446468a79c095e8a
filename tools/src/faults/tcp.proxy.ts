// A proxy for one connection between a service and a server or another service. It simulates every network failure.
// It does without backpressure, since the amounts are small.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Seen from the service: its requests, or the answers to it. */
export type Direction = 'asks' | 'answers';
export interface Address {
  readonly host: string;
  readonly port: number;
}
/** Bytes that wait in the proxy. Their connection is blocked in that direction until then. */
export interface HeldBytes {
  readonly bytes: Buffer;
  /** Passes them on, or only the first `count` of them. */
  release(count?: number): void;
  /** Discards them and resets the connection. */
  drop(): void;
}

interface Trigger {
  direction: Direction;
  seen: (bytes: Buffer) => boolean;
  then: 'hold' | 'hold its answer';
  tripped: (held: HeldBytes) => void;
}
interface Link {
  client: Socket;
  upstream: Socket;
  /** The other end is gone, and this one was not told. */
  deaf: boolean;
  /** Holds the next answer of this link. */
  armed?: Trigger;
}

export class TcpProxy {
  readonly host = '127.0.0.1';
  port = 0;
  /** Delay of each chunk. */
  latencyMs = 0;
  /** Largest chunk that passes at once. */
  sliceBytes = Infinity;
  readonly #kafka: boolean;
  #target: Address;
  #server: Server | undefined;
  #links = new Set<Link>();
  #triggers: Trigger[] = [];
  #flowing: Promise<void> = Promise.resolve();
  #flow: () => void = () => undefined;

  private constructor(target: Address, kafka: boolean) {
    this.#target = target;
    this.#kafka = kafka;
  }

  /**
   * Listens on a free port of 127.0.0.1 and passes everything to `target`.
   * @param kafka The broker's answers contain its own address, so clients would go past the proxy. Therefore the proxy
   *   replaces it by its own port (host, then port as int32, in every version of the protocol).
   */
  static async to(target: Address, { kafka = false } = {}): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, kafka);
    await proxy.restore();
    return proxy;
  }

  get connections(): number {
    return this.#links.size;
  }
  /** Sets the target of new connections, after the server has a new address. */
  aim(target: Address): void {
    this.#target = target;
  }

  /** Breaks every connection and refuses new ones. */
  async cut(): Promise<void> {
    this.flow();
    const closed = new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
    for (const { client, upstream } of this.#links) {
      client.destroy();
      upstream.destroy();
    }
    await closed;
    this.#server = undefined;
  }
  /** Accepts connections again on the same port. */
  async restore(): Promise<void> {
    const server = createServer((client) => this.#take(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, this.host, resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }
  /** Silently holds everything back. New connections are accepted, and are silent too. */
  stall(): void {
    ({ promise: this.#flowing, resolve: this.#flow } = Promise.withResolvers<void>());
  }
  /** Passes all bytes that were held back. */
  flow(): void {
    this.#flow();
  }
  /** Resets every connection (RST). */
  reset(): void {
    for (const { client, upstream } of this.#links) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }
  /** Cuts the far end of every connection without telling the service. New connections work. */
  halfOpen(): void {
    for (const link of this.#links) {
      link.deaf = true;
      link.upstream.destroy();
    }
  }
  /** Holds the next bytes that match. Resolves when they are held. */
  hold(direction: Direction, seen: Trigger['seen']): Promise<HeldBytes> {
    return new Promise((tripped) => this.#triggers.push({ direction, seen, then: 'hold', tripped }));
  }
  /** Passes the next matching request, and holds its answer. Resolves when the answer is held. */
  holdAnswerTo(seen: Trigger['seen']): Promise<HeldBytes> {
    return new Promise((tripped) => this.#triggers.push({ direction: 'asks', seen, then: 'hold its answer', tripped }));
  }
  async stop(): Promise<void> {
    this.#triggers = [];
    await this.cut();
  }

  #take(client: Socket): void {
    const upstream = connect({ ...this.#target, noDelay: true });
    client.setNoDelay(true);
    const link: Link = { client, upstream, deaf: false };
    this.#links.add(link);
    const close = (): void => {
      if (link.deaf && !client.destroyed) return;
      client.destroy();
      upstream.destroy();
      this.#links.delete(link);
    };
    for (const socket of [client, upstream]) socket.on('error', () => undefined).on('close', close);
    const replace = this.#kafka
      ? replacing(addressBytes(this.#target.host, this.#target.port), addressBytes(this.#target.host, this.port))
      : (bytes: Buffer) => bytes;
    this.#pump(link, 'asks', client, upstream, (bytes) => bytes);
    this.#pump(link, 'answers', upstream, client, replace);
  }

  #pump(link: Link, direction: Direction, from: Socket, to: Socket, replace: (chunk: Buffer) => Buffer): void {
    let turn: Promise<void> = Promise.resolve();
    const inTurn = (work: () => Promise<void> | void): void => void (turn = turn.then(work));
    from.on('data', (chunk: Buffer) => {
      const bytes = replace(chunk);
      if (bytes.length > 0) inTurn(() => this.#pass(link, direction, bytes, to));
    });
    from.on('end', () => inTurn(() => void (link.deaf || to.end())));
  }

  async #pass(link: Link, direction: Direction, bytes: Buffer, to: Socket): Promise<void> {
    const passing = await this.#passing(link, direction, bytes);
    for (let at = 0; at < passing.length; at += this.sliceBytes) {
      if (this.latencyMs > 0) await pause(this.latencyMs);
      await this.#flowing;
      if (link.deaf || to.destroyed) return;
      to.write(passing.subarray(at, Math.min(at + this.sliceBytes, passing.length)));
    }
  }

  /** Returns the bytes that pass, after nothing holds them any more. */
  async #passing(link: Link, direction: Direction, bytes: Buffer): Promise<Buffer> {
    const armed = direction === 'answers' ? link.armed : undefined;
    const trigger = armed ?? this.#triggers.find((one) => one.direction === direction && one.seen(bytes));
    if (!trigger) return bytes;
    if (armed) link.armed = undefined;
    else this.#triggers.splice(this.#triggers.indexOf(trigger), 1);
    if (!armed && trigger.then === 'hold its answer') {
      link.armed = trigger;
      return bytes;
    }
    return new Promise((resolve) => {
      trigger.tripped({
        bytes,
        release: (count = bytes.length) => resolve(bytes.subarray(0, count)),
        drop: () => {
          link.client.resetAndDestroy();
          link.upstream.destroy();
          resolve(Buffer.alloc(0));
        },
      });
    });
  }
}

function addressBytes(host: string, port: number): Buffer {
  const bytes = Buffer.from(`${host}\0\0\0\0`);
  bytes.writeInt32BE(port, bytes.length - 4);
  return bytes;
}

/** Replaces bytes in a stream of Kafka's answers. Each answer is whole: int32 length, then as many bytes. */
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
