import type { Kafka } from './kafka.ts';
import type { OutgoingRecord } from './record.ts';

export interface ProducerOptions {
  /** Every send ends within this time, one way or the other. Default 5,000. */
  deadlineMs?: number;
}

/** Publishes records; concurrent sends share produce requests. */
export class Producer {
  constructor(kafka: Kafka, options: ProducerOptions = {}) {
    void kafka, options;
  }

  /** Resolves once the first connection stands; rejects after the deadline, but goes on trying. */
  async connect(): Promise<void> {
    throw new Error('not yet');
  }

  /** Waits for what is in flight (until its deadline), then closes. */
  async disconnect(): Promise<void> {
    throw new Error('not yet');
  }

  healthy(): boolean {
    return false;
  }

  /**
   * Resolves when all records are acknowledged by all in-sync replicas. Order per partition is that of the calls.
   * @throws NotSent, AckUnknown
   */
  async send(records: OutgoingRecord[]): Promise<void> {
    void records;
    throw new Error('not yet');
  }
}
