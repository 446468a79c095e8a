// Follows the outcomes, and stores which vouchers the ledger's node rules enabled or terminated.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutcomesFollower, ParkedVouchers, type OutcomeHead } from '@vouchers/outcomes';
import { Database, expectOwnToken, LedgerApi, LOGGER, Readiness } from '@vouchers/service';
import type { Logger } from 'pino';
import { ConfigSettings } from '../config.settings.ts';
import { KafkaConnection } from '../kafka.connection.ts';
import { LIVES } from './life.projection.ts';

@Injectable()
export class LivesFollower
  extends OutcomesFollower<OutcomeHead>
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly parked: ParkedVouchers;

  constructor(
    @Inject(ConfigSettings) settings: ConfigSettings,
    @Inject(LOGGER) logger: Logger,
    database: Database,
    connection: KafkaConnection,
    readiness: Readiness,
  ) {
    const ledger = settings.clientSecret ? new LedgerApi(settings.ledgerAccess) : undefined;
    super({
      name: 'outcomes',
      span: 'follow',
      kafka: connection.kafka,
      logger,
      topic: settings.topics.outcomes,
      groupId: settings.group(),
      databaseUrl: settings.databaseUrl,
      projection: LIVES,
      ledger,
      // Staff sees the result of a rule with this delay.
      restMs: 250,
      whenReady: () => Promise.all([connection.whenReady(), database.whenReady()]),
      readiness,
    });
    if (ledger) expectOwnToken(ledger, settings, readiness, logger);
    this.parked = new ParkedVouchers((text) => database.manager.query(text), logger, readiness);
    database.whenReady().then(
      () => this.parked.follow(),
      // The service stopped before it reached Postgres.
      () => undefined,
    );
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.parked.stop();
    await this.stop();
  }
}
