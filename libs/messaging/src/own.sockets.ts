// The sockets of one kafkajs client. They can be closed while kafkajs itself would wait for an answer.
import type { Socket } from 'node:net';
import { openSocket } from './kafka.ts';

export class OwnSockets {
  readonly #open = new Set<Socket>();
  #closed = false;

  /** kafkajs's `socketFactory`. */
  readonly open: typeof openSocket = (target) => {
    if (this.#closed) throw new Error('the client is closed');
    const socket = openSocket(target);
    this.#open.add(socket);
    return socket.once('close', () => this.#open.delete(socket));
  };

  /** Closes all sockets; kafkajs opens new ones when it needs them. Without an error, kafkajs would not notice. */
  cut(reason: string): void {
    for (const socket of this.#open) socket.destroy(new Error(reason));
  }

  /** Closes all sockets for good. All requests that kafkajs still tries to send fail. */
  close(): void {
    this.#closed = true;
    this.cut('the client is closed');
  }
}
