// A transport of our own (https://docs.nestjs.com/microservices/custom-transport). Nest's Kafka server consumes message
// by message, commits messages without a handler, and blocks a partition for ever if a handler throws.
import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { BaseRpcContext, EventPattern, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom, throwError, type Observable } from 'rxjs';
import { consumeBatches } from './batch.consumer.ts';
import type { ConsumeOptions, Consumption } from './consumption.ts';
import type { Kafka } from './kafka.ts';
import type { RecordBatch } from './record.ts';

/**
 * Nest replaces unknown errors by `Internal server error`. This filter passes them on: the transport must see `Halt`.
 */
@Catch()
class ErrorsAsThrown implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Like `@EventPattern(topic)`, but the transport gets errors as they were thrown: it retries the batch, or halts at
 * `Halt`.
 */
export const BatchPattern = (topic: string): MethodDecorator =>
  applyDecorators(EventPattern(topic) as MethodDecorator, UseFilters(new ErrorsAsThrown()));

export interface BatchStrategyOptions extends Omit<ConsumeOptions, 'topics'> {
  kafka: Kafka;
  /**
   * The topic of each handler's pattern: `{ 'voucher.pages.v1': 'demo.voucher.pages.v1' }`. A list if patterns and
   * topics are the same. Default: all patterns that have a handler. Other patterns belong to other strategies of the
   * same application.
   */
  topics?: string[] | Record<string, string>;
}

/**
 * A Nest transport that delivers whole batches (`RecordBatch`) to `@BatchPattern(topic)` handlers and waits for the
 * handler's promise. If it resolves, the batch is done. If it rejects, the partition is tried again. `close()` waits
 * for the batches under way.
 */
export class BatchStrategy extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: BatchStrategyOptions;
  #consumption: Consumption | undefined;

  constructor(options: BatchStrategyOptions) {
    super();
    this.#options = options;
  }

  /** Calls back when each partition of this member knows its first offset. */
  override listen(callback: (error?: unknown) => void): void {
    this.#listen().then(() => callback(), callback);
  }

  override async close(): Promise<void> {
    await this.#consumption?.stop();
  }

  healthy(): boolean {
    return this.#consumption?.healthy() ?? false;
  }

  /** Undefined before `listen`. */
  get consumption(): Consumption | undefined {
    return this.#consumption;
  }

  /** This transport emits no events: see `healthy` and `consumption.status`. */
  override on(): void {}

  override unwrap<T>(): T {
    return this.#consumption as T;
  }

  async #listen(): Promise<void> {
    const { kafka, topics = [...this.getHandlers().keys()], ...options } = this.#options;
    const pairs = Array.isArray(topics) ? topics.map((topic) => [topic, topic] as const) : Object.entries(topics);
    const patternOf = new Map(pairs.map(([pattern, topic]) => [topic, pattern]));
    for (const [topic, pattern] of patternOf) {
      if (!this.getHandlerByPattern(pattern)) throw new Error(`no handler for the records of ${topic} (${pattern})`);
    }
    this.#consumption = await consumeBatches(kafka, { ...options, topics: [...patternOf.keys()] }, (batch) =>
      this.#handle(patternOf.get(batch.topic)!, batch),
    );
  }

  async #handle(pattern: string, batch: RecordBatch): Promise<void> {
    const handler = this.getHandlerByPattern(pattern)!;
    const result: unknown = await handler(batch, new BaseRpcContext([batch.topic, batch.partition]));
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
