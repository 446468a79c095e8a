import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Kafka } from '../src/kafka.ts';

/** Stands between a client and its one broker, and fails as told. */
export class BrokerProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The broker's answers are lost. */
  swallowAnswers = false;
  /** Counts how often the far ends of all connections were lost. */
  #losses = 0;
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
      client.on('data', (data) => void (isLost() || upstream.write(data)));
      upstream.on('data', (data) => void (this.swallowAnswers || isLost() || client.write(data)));
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Open now. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Of each connection the far end is gone, and nobody is told. New ones are as they should be. */
  loseFarEnds(): void {
    this.#losses += 1;
  }

  /** Closes all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

/** The same Kafka, but every connection goes through the proxy, whatever address the broker advertises. */
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
