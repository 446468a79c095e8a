import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { platformTopics } from '@vouchers/contracts';
import { connectKafka, ensureTopics, pingKafka, Producer, type Kafka } from '@vouchers/messaging';
import { LOGGER, persistently, Readiness, unavailable } from '@vouchers/service';
import type { Logger } from 'pino';
import { ConfigSettings } from './config.settings.ts';

/** The longest time for which a write waits for Kafka's answer before it writes anything. */
const PROBE_MS = 1_500;

/** config's only connection to Kafka. Creates the topics and connects the producer, and tries until Kafka is there. */
@Injectable()
export class KafkaConnection implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly kafka: Kafka;
  readonly producer: Producer;
  private readonly stopping = new AbortController();
  private readonly connected = Promise.withResolvers<void>();
  private probe?: Promise<boolean>;

  constructor(
    @Inject(ConfigSettings) private readonly settings: ConfigSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    readiness: Readiness,
  ) {
    this.kafka = connectKafka({ ...settings.kafka, clientId: settings.group(), logger });
    this.producer = new Producer(this.kafka);
    this.connected.promise.catch(() => undefined);
    readiness.add('kafka', async () => {
      if (!this.producer.healthy() || !(await this.answers())) throw new Error('no broker answers');
    });
  }

  onApplicationBootstrap(): void {
    persistently(() => this.open(), { name: 'Kafka', logger: this.logger, signal: this.stopping.signal }).then(
      () => this.connected.resolve(),
      (error: unknown) => this.connected.reject(error),
    );
  }

  /** Resolves when the topics are there and the producer is connected. */
  whenReady(): Promise<void> {
    return this.connected.promise;
  }

  /** To be called before a write, so that nothing is written that cannot be published. 503 while Kafka is away. */
  async demand(): Promise<void> {
    if (!this.producer.healthy() || !(await this.answers())) throw unavailable('Kafka is away. Nothing was written.');
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort(new Error('the service stops'));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.producer.disconnect();
  }

  /** Requests that ask at the same time share one probe. */
  private answers(): Promise<boolean> {
    this.probe ??= pingKafka(this.kafka, PROBE_MS).finally(() => {
      this.probe = undefined;
    });
    return this.probe;
  }

  private async open(): Promise<void> {
    const { topics, partitions, replication } = this.settings;
    await ensureTopics(this.kafka, platformTopics(topics, partitions, replication));
    await this.producer.connect();
  }
}
