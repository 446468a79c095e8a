// Sends one broker the requests that kafkajs does not support, over a socket of its own. Requests and answers are
// framed as `length, bytes`.
import type { Socket } from 'node:net';
import { openSocket, type Kafka } from './kafka.ts';
import { authenticate } from './sasl.ts';

export class BrokerDialogue {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (answer: Buffer) => void; reject: (error: Error) => void } | undefined;
  #fault: Error | undefined;

  /** Connects and authenticates. @param timeoutMs from the connection to the last answer */
  static async open(kafka: Kafka, broker: string, timeoutMs: number): Promise<BrokerDialogue> {
    const connected = Promise.withResolvers<void>();
    const dialogue = new BrokerDialogue(kafka, broker, timeoutMs, connected.resolve);
    try {
      dialogue.#waiting = { resolve: () => undefined, reject: connected.reject };
      await connected.promise;
      dialogue.#waiting = undefined;
      if (kafka.sasl) await authenticate((request) => dialogue.ask(request), kafka.sasl, kafka.clientId);
      return dialogue;
    } catch (error) {
      dialogue.close();
      throw error;
    }
  }

  private constructor(kafka: Kafka, broker: string, timeoutMs: number, onConnect: () => void) {
    const separator = broker.lastIndexOf(':');
    const [host, port] = [broker.slice(0, separator), Number(broker.slice(separator + 1))];
    this.#socket = openSocket({ host, port, ssl: kafka.tls, onConnect });
    this.#timer = setTimeout(() => this.#fail(new Error(`${broker}: no answer in ${timeoutMs} ms`)), timeoutMs);
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error(`${broker} closed the connection`)));
    this.#socket.on('data', (chunk) => this.#take(chunk));
  }

  /** One request at a time. @param request with its length before it @returns the answer without its length */
  ask(request: Buffer): Promise<Buffer> {
    if (this.#fault) return Promise.reject(this.#fault);
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#waiting = { resolve, reject };
    this.#socket.write(request);
    return promise;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#fault ??= new Error('closed');
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    if (this.#received.length < 4) return;
    const end = 4 + this.#received.readInt32BE(0);
    if (this.#received.length < end) return;
    const answer = this.#received.subarray(4, end);
    this.#received = this.#received.subarray(end);
    this.#waiting?.resolve(answer);
  }

  #fail(error: Error): void {
    if (this.#fault) return;
    this.#fault = error;
    this.#waiting?.reject(error);
    this.close();
  }
}
