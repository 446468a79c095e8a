import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Kafka } from '../src/kafka.ts';

/** A proxy between a client and its only broker, which can break connections on request. */
export class BrokerProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** True: the broker's answers are dropped. */
  swallowAnswers = false;
  /** Counts the calls of `loseFarEnds`. */
  #losses = 0;
  /** The API key of requests at which their connection breaks. */
  refused: number | undefined;
  /** False: new connections are closed at once. */
  open = true;

  constructor(broker: string) {
    const [host, port] = broker.split(':') as [string, string];
    this.#server = createServer((client) => {
      if (!this.open) return void client.destroy();
      const upstream = connect({ host, port: Number(port) });
      const losses = this.#losses;
      const isLost = (): boolean => this.#losses > losses;
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.on('data', (data) => {
        if (keysIn(data).includes(this.refused)) client.destroy();
        else if (!isLost()) upstream.write(data);
      });
      upstream.on('data', (data) => void (this.swallowAnswers || isLost() || client.write(data)));
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** The number of open connections. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Drops all data of the present connections without closing them. New connections work. */
  loseFarEnds(): void {
    this.#losses += 1;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

/** The same Kafka, but every connection goes through a proxy, whatever address the broker advertises. */
export async function throughProxy(kafka: Kafka): Promise<{ proxied: Kafka; proxy: BrokerProxy }> {
  const proxy = new BrokerProxy(kafka.brokers[0]!);
  const port = await proxy.listen();
  const host = '127.0.0.1';
  const proxied: Kafka = {
    ...kafka,
    client: (overrides) => {
      const open = overrides?.socketFactory ?? (({ onConnect }) => connect({ host, port }, onConnect));
      return kafka.client({ ...overrides, socketFactory: (target) => open({ ...target, host, port }) });
    },
  };
  return { proxied, proxy };
}

/** The API keys of the requests. kafkajs writes each one at once, so a chunk begins with one. */
function keysIn(chunk: Buffer): (number | undefined)[] {
  const keys: number[] = [];
  for (let at = 0; at + 6 <= chunk.length; at += 4 + chunk.readInt32BE(at)) keys.push(chunk.readInt16BE(at + 4));
  return keys;
}
