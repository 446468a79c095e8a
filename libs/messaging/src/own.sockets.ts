// The sockets of one kafkajs client, so that they can be closed where kafkajs itself would wait, or open others.
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

  /** kafkajs opens others where it needs them. With a reason, else it does not notice. */
  cut(reason: string): void {
    for (const socket of this.#open) socket.destroy(new Error(reason));
  }

  /** For good: whatever kafkajs still tries fails, and comes to an end. */
  close(): void {
    this.#closed = true;
    this.cut('the client is closed');
  }
}
