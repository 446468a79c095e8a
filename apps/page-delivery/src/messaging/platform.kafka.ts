// This process's only connection to Kafka. It connects the producer, and creates the topics before they are used.
import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { platformTopics } from '@vouchers/contracts';
import { connectKafka, ensureTopics, Producer, type Kafka } from '@vouchers/messaging';
import { LOGGER, persistently, Readiness } from '@vouchers/service';
import type { Logger } from 'pino';
import { PageDeliverySettings } from '../settings.ts';

/** The longest time for which a request waits for Kafka's acknowledgement. After that, the result is unknown. */
const SEND_DEADLINE_MS = 4_000;

@Injectable()
export class PlatformKafka implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly kafka: Kafka;
  readonly producer: Producer;
  /** A part of the names of consumer groups that only this process is in. */
  readonly processId = randomUUID();
  private readonly stopping = new AbortController();
  private readonly topicsMade = Promise.withResolvers<void>();

  constructor(
    private readonly settings: PageDeliverySettings,
    @Inject(LOGGER) readonly logger: Logger,
    readiness: Readiness,
  ) {
    this.kafka = connectKafka({ ...settings.kafka, clientId: settings.service, logger });
    this.producer = new Producer(this.kafka, { deadlineMs: SEND_DEADLINE_MS });
    this.topicsMade.promise.catch(() => undefined);
    readiness.add('kafka', () => {
      if (!this.producer.healthy()) throw new Error('Kafka is away');
    });
  }

  onApplicationBootstrap(): void {
    // Not awaited, since pages are served also while Kafka is away.
    const { topics, partitions, replication } = this.settings;
    this.untilDone('Kafka', async () => {
      await this.producer.connect();
      await ensureTopics(this.kafka, platformTopics(topics, partitions, replication));
    }).then(this.topicsMade.resolve, this.topicsMade.reject);
  }

  /** Resolves when the topics exist. Rejects if the service stops first. */
  whenReady(): Promise<void> {
    return this.topicsMade.promise;
  }

  /** Aborted when the service stops. It ends every consumer, even one that is still starting. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Repeats the attempt until it succeeds or the service stops. */
  untilDone<T>(name: string, attempt: () => Promise<T>): Promise<T> {
    return persistently(attempt, { name, logger: this.logger, signal: this.stopping.signal });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the service stops'));
    await this.producer.disconnect();
  }
}
