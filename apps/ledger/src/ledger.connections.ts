// The ledger's connections. Hot code uses pg and Kafka directly, without Nest.
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { platformTopics } from '@vouchers/contracts';
import { connectHistory, ContextReader, EventsReader, LEDGER_DATABASE, LedgerStore } from '@vouchers/event-store';
import { connectKafka, ensureTopics, pingKafka, Producer, retain, type Kafka } from '@vouchers/messaging';
import { LOGGER, migrate, persistently, Readiness } from '@vouchers/service';
import type pg from 'pg';
import type { Logger } from 'pino';
import { ReplayThread } from './history/replay.thread.ts';
import { LedgerSettings } from './ledger.settings.ts';
import { OutcomesPublisher } from './outcomes/outcomes.publisher.ts';

/**
 * The longest wait for an acknowledgement. No caller waits for it, and giving up early would only publish the same
 * again while Kafka is slow.
 */
const ACK_DEADLINE_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

@Injectable()
export class LedgerConnections implements BeforeApplicationShutdown {
  readonly store: LedgerStore;
  readonly context: ContextReader;
  /** Reads waiting lists, beside deciding. */
  readonly waiting: ContextReader;
  readonly events: EventsReader;
  /** Connections for lists and counters. Deciding never waits for one of these. */
  readonly historyPool: pg.Pool;
  readonly history: EventsReader;
  readonly replays: ReplayThread;
  readonly kafka: Kafka;
  /** The producer of ticks and quarantined records. */
  readonly producer: Producer;
  readonly outcomes: OutcomesPublisher;
  private readonly stop = new AbortController();

  constructor(
    private readonly settings: LedgerSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    readiness: Readiness,
  ) {
    const { databaseUrl, historyConnections, replaysAtOnce } = settings;
    const broken = (error: Error): void => logger.warn(`a connection broke: ${error.message}`);
    this.store = new LedgerStore(databaseUrl, broken);
    this.context = new ContextReader(this.store);
    this.events = new EventsReader(this.store.pools.readers);
    this.historyPool = connectHistory(databaseUrl, { connections: historyConnections, name: 'ledger history' }, broken);
    this.history = new EventsReader(this.historyPool);
    this.waiting = new ContextReader({ pools: { readers: this.historyPool } });
    this.replays = new ReplayThread({ databaseUrl, connections: replaysAtOnce }, logger);
    const kafka = { ...settings.kafka, clientId: settings.group() };
    this.kafka = connectKafka({ ...kafka, logger });
    this.producer = new Producer(this.kafka, { deadlineMs: ACK_DEADLINE_MS });
    const publishing = {
      kafka,
      topic: settings.topics.outcomes,
      source: settings.eventSource,
      deadlineMs: ACK_DEADLINE_MS,
    };
    this.outcomes = new OutcomesPublisher(publishing, logger);
    readiness.add('postgres', async () => void (await this.store.pools.readers.query('SELECT 1')));
    readiness.add('outcomes', () => {
      if (!this.outcomes.alive) throw new Error('outcomes are not published');
    });
    readiness.add('kafka', async () => {
      if (!(await pingKafka(this.kafka, 1_500))) throw new Error('no broker answers');
    });
  }

  /** Waits until Postgres and Kafka are there, and makes tables and topics. */
  async prepare(): Promise<void> {
    const { settings, logger } = this;
    const signal = this.stopping;
    if (settings.migrate === 'start') {
      const onWait = (reason: string) => logger.warn(`a migration waits for a lock: ${reason}`);
      const attempt = () => migrate(settings, LEDGER_DATABASE, { onWait, signal });
      await persistently(attempt, { name: 'Postgres', logger, signal });
    }
    const topics = platformTopics(settings.topics, settings.partitions, settings.replication);
    await persistently(() => ensureTopics(this.kafka, topics), { name: 'Kafka', logger, signal });
    await this.retainQuarantine();
    await persistently(() => this.producer.connect(), { name: 'Kafka', logger, signal });
    this.outcomes.start();
  }

  /** Limits the retention of a quarantine topic that release 0.1.0 made. The ledger also runs if it may not do that. */
  private async retainQuarantine(): Promise<void> {
    const { quarantineDays, topics } = this.settings;
    try {
      if (await retain(this.kafka, topics.quarantine, quarantineDays * DAY_MS))
        this.logger.info(`${topics.quarantine} is kept for ${quarantineDays} days from now on`);
    } catch (error) {
      this.logger.warn(`${topics.quarantine} is not kept for QUARANTINE_DAYS: ${(error as Error).message}`);
    }
  }

  /** Aborts when the service stops. */
  get stopping(): AbortSignal {
    return this.stop.signal;
  }

  beforeApplicationShutdown(): void {
    this.stop.abort(new Error('the service stops'));
  }

  /** Call it after everything that uses the connections has stopped. */
  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.outcomes.close(), this.replays.close()]);
    await Promise.all([this.store.end(), this.historyPool.end()]);
  }
}
