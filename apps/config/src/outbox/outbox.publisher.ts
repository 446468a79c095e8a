// Publishes what was written, in the order of each key's versions, until Kafka acknowledged it. A crash at any point
// leaves the row, and the sweep publishes it again: duplicates carry the same id, nothing is lost.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { sendInSpans, type OutgoingRecord } from '@vouchers/messaging';
import { Database, LOGGER, unavailable } from '@vouchers/service';
import type { Logger } from 'pino';
import { In, type EntityManager } from 'typeorm';
import { KafkaConnection } from '../kafka.connection.ts';
import type { VoucherVersionRow } from '../vouchers/voucher.entity.ts';
import { OutboxRecords } from './outbox.records.ts';
import { OutboxRow } from './outbox.entity.ts';

const SWEEP_MS = 1_000;
/** Keys of one sweep. */
const SWEPT_KEYS = 200;

@Injectable()
export class OutboxPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    private readonly records: OutboxRecords,
  ) {}

  onApplicationBootstrap(): void {
    Promise.all([this.database.whenReady(), this.connection.whenReady()]).then(
      () => this.scheduleSweep(0),
      () => undefined,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.sweeping;
  }

  /**
   * Publishes all that these keys have unsent. Resolves when it is acknowledged; 503 where Kafka does not.
   * @param known versions at hand: the others are read.
   */
  async publish(kind: OutboxRow['kind'], keys: string[], known: VoucherVersionRow[] = []): Promise<void> {
    try {
      await this.database.manager.transaction((manager) => this.publishLocked(manager, kind, keys, known));
    } catch (error) {
      if (!isKafkaAway(error)) throw error;
      throw unavailable('Kafka did not acknowledge in time. What was written is published when it is back.');
    }
  }

  /**
   * A version's row is committed before the next version's (both under the voucher's row lock), and rows are locked in
   * order of id: whoever sees a version sees the unsent ones before it, and waits for whoever is sending them.
   */
  private async publishLocked(
    manager: EntityManager,
    kind: OutboxRow['kind'],
    keys: string[],
    known: VoucherVersionRow[],
  ): Promise<void> {
    const rows = await manager
      .createQueryBuilder(OutboxRow, 'outbox')
      .where('outbox.kind = :kind AND outbox.key = ANY(:keys)', { kind, keys })
      .orderBy('outbox.id')
      .setLock('pessimistic_write')
      .getMany();
    if (rows.length === 0) return;
    for (const step of await this.records.of(manager, kind, rows, known)) await this.send(step);
    await manager.delete(OutboxRow, { id: In(rows.map(({ id }) => id)) });
  }

  private send(records: OutgoingRecord[]): Promise<void> {
    return sendInSpans(this.connection.producer, records);
  }

  private scheduleSweep(afterMs: number): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => this.logger.warn(`outbox: ${(error as Error).message}`))
        .finally(() => this.scheduleSweep(SWEEP_MS));
    }, afterMs).unref();
  }

  /** What a crash or an absent Kafka left behind; not what a request is sending just now. */
  private async sweep(): Promise<void> {
    for (const kind of ['voucher', 'page'] as const) {
      const rows: { key: string }[] = await this.database.manager.query(
        'SELECT key FROM outbox WHERE kind = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED',
        [kind, SWEPT_KEYS],
      );
      const keys = [...new Set(rows.map(({ key }) => key))];
      if (keys.length > 0) await this.publish(kind, keys);
    }
  }
}

const isKafkaAway = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'NotSent' || error.name === 'AckUnknown');
