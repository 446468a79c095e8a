// A connection between a service and what it stands on, which can be hurt in every way that networks hurt.
// Backpressure is left out: what passes here is small.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Seen from the service: what it asks, or what it is answered. */
export type Direction = 'asks' | 'answers';
export interface Place {
  readonly host: string;
  readonly port: number;
}
/** Bytes that wait in the proxy. Nothing else passes their connection in that direction until then. */
export interface Held {
  readonly bytes: Buffer;
  /** Lets them pass, or so many of them. */
  release(count?: number): void;
  /** They are lost, and the connection is reset. */
  drop(): void;
}

interface Wire {
  direction: Direction;
  seen: (bytes: Buffer) => boolean;
  then: 'hold' | 'hold its answer';
  tripped: (held: Held) => void;
}
interface Link {
  client: Socket;
  upstream: Socket;
  /** The other end is gone, and nobody told this one. */
  deaf: boolean;
  /** Waits for this link's next answer. */
  armed?: Wire;
}

export class TcpProxy {
  readonly host = '127.0.0.1';
  port = 0;
  /** Of each piece that passes. */
  latencyMs = 0;
  /** The largest piece that passes at once. */
  sliceBytes = Infinity;
  readonly #kafka: boolean;
  #target: Place;
  #server: Server | undefined;
  #links = new Set<Link>();
  #wires: Wire[] = [];
  #flowing: Promise<void> = Promise.resolve();
  #flow: () => void = () => undefined;

  private constructor(target: Place, kafka: boolean) {
    this.#target = target;
    this.#kafka = kafka;
  }

  /**
   * Listens on a free port of 127.0.0.1 and passes everything to `target`.
   * @param kafka The broker names its own address in its answers, and clients would go there past the proxy: so the
   *   proxy puts its own port in its place (host, then port as int32, in every version of the protocol).
   */
  static async to(target: Place, { kafka = false } = {}): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, kafka);
    await proxy.restore();
    return proxy;
  }

  get connections(): number {
    return this.#links.size;
  }
  /** Where new connections go from now on: the server was started again elsewhere. */
  aim(target: Place): void {
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
  /** Takes connections, after a cut on the same port again. */
  async restore(): Promise<void> {
    const server = createServer((client) => this.#take(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, this.host, resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }
  /** Nothing passes any more, and nobody is told; new connections are taken, and hear nothing either. */
  stall(): void {
    ({ promise: this.#flowing, resolve: this.#flow } = Promise.withResolvers<void>());
  }
  /** All that was stalled passes, late. */
  flow(): void {
    this.#flow();
  }
  /** Every connection is reset (RST). */
  reset(): void {
    for (const { client, upstream } of this.#links) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }
  /** Of every connection the far end is gone, and the service hears nothing of it. New ones are as they should be. */
  halfOpen(): void {
    for (const link of this.#links) {
      link.deaf = true;
      link.upstream.destroy();
    }
  }
  /** Resolves when such bytes come next: they are held. */
  hold(direction: Direction, seen: Wire['seen']): Promise<Held> {
    return new Promise((tripped) => this.#wires.push({ direction, seen, then: 'hold', tripped }));
  }
  /** Lets such a question pass, and resolves when its answer is there: that is held. */
  holdAnswerTo(seen: Wire['seen']): Promise<Held> {
    return new Promise((tripped) => this.#wires.push({ direction: 'asks', seen, then: 'hold its answer', tripped }));
  }
  async stop(): Promise<void> {
    this.#wires = [];
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
    const passing = await this.#wired(link, direction, bytes);
    for (let at = 0; at < passing.length; at += this.sliceBytes) {
      if (this.latencyMs > 0) await pause(this.latencyMs);
      await this.#flowing;
      if (link.deaf || to.destroyed) return;
      to.write(passing.subarray(at, Math.min(at + this.sliceBytes, passing.length)));
    }
  }

  /** What of the bytes passes, once nobody holds them. */
  async #wired(link: Link, direction: Direction, bytes: Buffer): Promise<Buffer> {
    const armed = direction === 'answers' ? link.armed : undefined;
    const wire = armed ?? this.#wires.find((one) => one.direction === direction && one.seen(bytes));
    if (!wire) return bytes;
    if (armed) link.armed = undefined;
    else this.#wires.splice(this.#wires.indexOf(wire), 1);
    if (!armed && wire.then === 'hold its answer') {
      link.armed = wire;
      return bytes;
    }
    return new Promise((resolve) => {
      wire.tripped({
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
