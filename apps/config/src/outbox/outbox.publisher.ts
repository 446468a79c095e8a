// Publishes the rows of the outbox, in the order of each key's versions, until Kafka acknowledges them. A crash leaves
// the row, and the sweep publishes it again, so nothing is lost. A record that is sent twice has the same id.
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AckUnknown, NotSent, sendInSpans, TooLarge, type OutgoingRecord } from '@vouchers/messaging';
import { Database, isDatabaseAway, LOGGER, repeatedly, unavailable } from '@vouchers/service';
import type { Logger } from 'pino';
import { In, type EntityManager } from 'typeorm';
import { ConfigSettings } from '../config.settings.ts';
import { KafkaConnection } from '../kafka.connection.ts';
import type { VoucherVersionRow } from '../vouchers/voucher.entity.ts';
import { OutboxRecords, withoutReplaced } from './outbox.records.ts';
import { kindsOf, OutboxRow, type Kind } from './outbox.entity.ts';

const SWEEP_MS = 1_000;
/** The pause before a key that could not be published is tried again. */
const DEFERRED_SECONDS = 60;
/** The most rows that one sweep publishes. */
const SWEPT_ROWS = 200;

@Injectable()
export class OutboxPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private sweeping: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ConfigSettings) private readonly settings: ConfigSettings,
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    private readonly records: OutboxRecords,
  ) {}

  onApplicationBootstrap(): void {
    Promise.all([this.database.whenReady(), this.connection.whenReady()]).then(
      () => {
        this.sweeping = repeatedly(() => this.sweep(), {
          everyMs: SWEEP_MS,
          signal: this.stopping.signal,
          onFailure: ({ message }) => this.logger.warn(`outbox: ${message}`),
        });
      },
      () => undefined,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.sweeping;
  }

  /**
   * Publishes all rows of these keys. Resolves when Kafka has acknowledged them. A version that leads is sent to the
   * submissions only after its lead. 503 if Kafka does not acknowledge, or if the service stops first.
   * @param known versions that the caller has. Others are read from Postgres.
   */
  async publish(kind: Kind, keys: string[], known: VoucherVersionRow[] = []): Promise<void> {
    for (;;) {
      const leadMs = await this.publishOnce(kind, keys, known);
      if (leadMs === undefined) return;
      // Meanwhile no lock and no connection is held.
      await pause(leadMs, undefined, { signal: this.stopping.signal }).catch(() => {
        throw unavailable('The service stops. The change was saved and is published after its next start.');
      });
    }
  }

  /** Publishes the rows that are due. @returns milliseconds until the next row is due; undefined if none is left */
  private async publishOnce(kind: Kind, keys: string[], known: VoucherVersionRow[] = []): Promise<number | undefined> {
    try {
      return await this.database.manager.transaction((manager) => this.publishLocked(manager, kind, keys, known));
    } catch (error) {
      if (!isKafkaAway(error)) throw error;
      throw unavailable('Kafka did not acknowledge in time. What was written is published when it is back.');
    }
  }

  /**
   * A version's row is committed before the next version's, since both are written under the voucher's lock. The rows
   * are locked here in order of id. So a transaction that sees a version also sees the unsent versions before it, and
   * waits for the transaction that is sending them.
   */
  private async publishLocked(
    manager: EntityManager,
    kind: Kind,
    keys: string[],
    known: VoucherVersionRow[],
  ): Promise<number | undefined> {
    const unsent = await manager
      .createQueryBuilder(OutboxRow, 'outbox')
      .where('outbox.kind = ANY(:kinds) AND outbox.key = ANY(:keys)', { kinds: kindsOf(kind), keys })
      .orderBy('outbox.id')
      .setLock('pessimistic_write')
      .getMany();
    if (unsent.length === 0) return undefined;
    const rows = unsent.filter((row) => row.kind === kind);
    const deleted = unsent.filter((row) => row.kind !== kind);
    const deletions = this.records.deletions(kind, deleted);
    if (kind === 'page') {
      await this.send([...deletions, ...(await this.records.pages(manager, rows))]);
      await manager.delete(OutboxRow, { id: In(idsOf(unsent)) });
      return undefined;
    }
    const { toDefinitions, toSubmissions } = await this.records.vouchers(manager, rows, known);
    const undefinedYet = toDefinitions.filter((_, index) => rows[index]!.definedAt === null);
    await this.send([...withoutReplaced(undefinedYet), ...deletions]);
    const { leading, leadMs } = await this.leading(manager, rows);
    const isLeading = (row: OutboxRow): boolean => leading.includes(row);
    await this.send(toSubmissions.filter((_, index) => !isLeading(rows[index]!)));
    await manager.delete(OutboxRow, { id: In(idsOf(unsent.filter((row) => !isLeading(row)))) });
    return leadMs;
  }

  /**
   * Finds the rows that wait: versions that lead, and the other rows of their keys. All of them are in the definitions
   * by now. So each replica of page-delivery knows which attributes they name before the ledger needs these attributes.
   */
  private async leading(
    manager: EntityManager,
    rows: OutboxRow[],
  ): Promise<{ leading: OutboxRow[]; leadMs: number | undefined }> {
    if (!rows.some(({ leads }) => leads)) return { leading: [], leadMs: undefined };
    const [{ now }] = (await manager.query('SELECT clock_timestamp() AS now')) as [{ now: Date }];
    const ends = new Map<string, number>();
    for (const { key, leads, definedAt } of rows) {
      const end = leads ? (definedAt ?? now).getTime() + this.settings.definitionLeadMs : 0;
      if (end > now.getTime()) ends.set(key, Math.max(end, ends.get(key) ?? 0));
    }
    // Rows before a version that leads are sent with it, since page-delivery already knows the newer version.
    const leading = rows.filter(({ key }) => ends.has(key));
    const fresh = leading.filter(({ definedAt }) => definedAt === null);
    if (fresh.length > 0) await manager.update(OutboxRow, { id: In(idsOf(fresh)) }, { definedAt: now });
    return { leading, leadMs: leading.length > 0 ? Math.max(...ends.values()) - now.getTime() : undefined };
  }

  private async send(records: OutgoingRecord[]): Promise<void> {
    if (records.length > 0) await sendInSpans(this.connection.producer, records);
  }

  /** Publishes keys that a crash or an absent Kafka left unsent, except those that a request is sending now. */
  private async sweep(): Promise<void> {
    for (const kind of ['voucher', 'page'] as const) {
      const rows: { key: string }[] = await this.database.manager.query(
        `SELECT key FROM outbox WHERE kind = ANY ($1) AND due_at <= now() ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
        [kindsOf(kind), SWEPT_ROWS],
      );
      const keys = [...new Set(rows.map(({ key }) => key))];
      // A version that leads is sent by a later sweep. Meanwhile it holds up no other key.
      if (keys.length > 0) await this.publishOnce(kind, keys).catch(() => this.publishEach(kind, keys));
    }
  }

  /** Sends the keys one by one, to find the one that Kafka refuses. That key waits, and the others do not. */
  private async publishEach(kind: Kind, keys: string[]): Promise<void> {
    for (const key of keys) {
      try {
        await this.publishOnce(kind, [key]);
      } catch (error) {
        // If Kafka or Postgres is away, no row is at fault and nothing else can be published. Both lines then throw.
        if (isDatabaseAway(error)) throw error;
        await this.connection.demand();
        await this.defer(kind, key, error as Error);
      }
    }
  }

  private async defer(kind: Kind, key: string, { message }: Error): Promise<void> {
    this.logger.error({ kind, key, reason: message }, `outbox: ${key} cannot be published, only this key waits`);
    await this.database.manager.query(
      `UPDATE outbox SET due_at = now() + make_interval(secs => $3), refusal = $4 WHERE kind = ANY ($1) AND key = $2`,
      [kindsOf(kind), key, DEFERRED_SECONDS, message],
    );
  }
}

const idsOf = (rows: OutboxRow[]): string[] => rows.map(({ id }) => id);

const isKafkaAway = (error: unknown): boolean =>
  (error instanceof NotSent && !(error instanceof TooLarge)) || error instanceof AckUnknown;
