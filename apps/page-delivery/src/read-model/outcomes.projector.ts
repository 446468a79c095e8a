// Follows the outcomes, and writes the read model.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { OutcomesFollower, type Outcome } from '@vouchers/outcomes';
import { Database, expectOwnToken, metrics, ObservableGauge, Readiness } from '@vouchers/service';
import { Counter } from 'prom-client';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { readModelOf } from './read-model.projection.ts';

const positionOf = new ObservableGauge('page_delivery_read_model_seq', 'The last event that the read model has', [
  'partition',
]);
const holes = new Counter({
  name: 'page_delivery_filled_holes_total',
  help: 'Requests to the ledger for events that the topic lacks',
  registers: [metrics],
});

@Injectable()
export class OutcomesProjector
  extends OutcomesFollower<Outcome>
  implements OnApplicationBootstrap, OnApplicationShutdown
{
  constructor(
    platform: PlatformKafka,
    settings: PageDeliverySettings,
    database: Database,
    ledger: LedgerClient,
    readiness: Readiness,
  ) {
    super({
      name: 'projector',
      span: 'project',
      kafka: platform.kafka,
      logger: platform.logger,
      topic: settings.topics.outcomes,
      groupId: settings.group('projector'),
      databaseUrl: settings.databaseUrl,
      projection: readModelOf(settings.partitions),
      ledger,
      restMs: 50,
      onHole: () => holes.inc(),
      whenReady: () => Promise.all([platform.whenReady(), database.whenReady()]),
      readiness,
    });
    expectOwnToken(ledger, settings, readiness, platform.logger);
    positionOf.observe(() => this.positions().map(([partition, { seq }]) => [{ partition }, seq - 1]));
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }
}
