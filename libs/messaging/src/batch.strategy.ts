import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { ConsumeOptions } from './batch.consumer.ts';
import type { Kafka } from './kafka.ts';

export interface BatchStrategyOptions extends Omit<ConsumeOptions, 'topics'> {
  kafka: Kafka;
  /** Default: all for which a handler is marked `@EventPattern(topic)`. */
  topics?: string[];
}

/** A Nest transport that hands whole batches to `@EventPattern(topic)` handlers and waits for their promise. */
export class BatchStrategy extends Server implements CustomTransportStrategy {
  constructor(options: BatchStrategyOptions) {
    super();
    void options;
  }

  override listen(callback: (error?: unknown) => void): void {
    callback(new Error('not yet'));
  }

  override async close(): Promise<void> {}

  healthy(): boolean {
    return false;
  }

  override on(): void {}

  override unwrap<T>(): T {
    throw new Error('not yet');
  }
}
