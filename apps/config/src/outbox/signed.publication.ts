// Publishes the newest version of each voucher and page again if config signs for the first time, by another key, or
// under another mode. So no compacted topic keeps a newest record that followers must refuse: one without a signature,
// or with that of a key that is dropped later.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, LOGGER, persistently } from '@vouchers/service';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { KafkaConnection } from '../kafka.connection.ts';
import { VoucherRow } from '../vouchers/voucher.entity.ts';
import { OutboxRecords } from './outbox.records.ts';

/** Vouchers per transaction. Each may have 20,000 goods. */
const VOUCHERS_AT_ONCE = 10;
const PAGES_AT_ONCE = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const SLUGS = `
  SELECT slug FROM (SELECT slug FROM pages UNION SELECT slug FROM deleted_pages) AS slugs
  WHERE slug > $1 ORDER BY slug LIMIT ${PAGES_AT_ONCE}`;

@Injectable()
export class SignedPublication implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private publishing: Promise<void> = Promise.resolve();
  /** The last voucher and page that were published. Null: all were. */
  private lastVoucher: string | null = FIRST_ID;
  private lastSlug: string | null = '';

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    private readonly records: OutboxRecords,
  ) {}

  onApplicationBootstrap(): void {
    const { logger } = this;
    const { signal } = this.stopping;
    Promise.all([this.database.whenReady(), this.connection.whenReady()]).then(
      () => {
        // It rejects only when the service stops.
        this.publishing = persistently(() => this.publishAll(), {
          name: 'the signed publication',
          logger,
          signal,
        }).catch(() => undefined);
      },
      // The service stopped before it reached both.
      () => undefined,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the service stops'));
    await this.publishing;
  }

  private async publishAll(): Promise<void> {
    const { manager } = this.database;
    const signatures = this.connection.kafka.signatures;
    // Versions that are published unsigned meanwhile must be published again.
    if (!signatures) return void (await manager.query('DELETE FROM signed_publication'));
    const signedAs = `${signatures.mode} ${signatures.fingerprint}`;
    while (this.lastVoucher !== null || this.lastSlug !== null) {
      this.stopping.signal.throwIfAborted();
      // Another replica may have finished meanwhile.
      const [done] = (await manager.query('SELECT 1 FROM signed_publication WHERE signed_as = $1', [
        signedAs,
      ])) as unknown[];
      if (done) return;
      await manager.transaction(async (transaction) => {
        if (this.lastVoucher !== null) this.lastVoucher = await this.publishVouchers(transaction, this.lastVoucher);
        else if (this.lastSlug !== null) this.lastSlug = await this.publishPages(transaction, this.lastSlug);
      });
    }
    await manager.query(
      `INSERT INTO signed_publication (signed_as) VALUES ($1)
       ON CONFLICT (one) DO UPDATE SET signed_as = excluded.signed_as, at = now()`,
      [signedAs],
    );
    this.logger.info('all vouchers and pages are published with the present signature');
  }

  /** The lock keeps the next version back, so that it comes after this one. @returns the last voucher's id */
  private async publishVouchers(manager: EntityManager, after: string): Promise<string | null> {
    const rows = await manager
      .createQueryBuilder(VoucherRow, 'voucher')
      .where('voucher.id > :after', { after })
      .orderBy('voucher.id')
      .limit(VOUCHERS_AT_ONCE)
      .setLock('pessimistic_read')
      .getMany();
    await this.connection.producer.send(this.records.newestVersions(rows));
    return rows.at(-1)?.id ?? null;
  }

  /** Deletions, too: without them a page would come back. @returns the last page's slug */
  private async publishPages(manager: EntityManager, after: string): Promise<string | null> {
    const found = (await manager.query(SLUGS, [after])) as { slug: string }[];
    const slugs = found.map(({ slug }) => slug);
    // The lock of PageWrites, taken in the same order by all replicas.
    for (const slug of slugs) await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [slug]);
    await this.connection.producer.send(await this.records.newestPages(manager, slugs));
    return slugs.at(-1) ?? null;
  }
}
