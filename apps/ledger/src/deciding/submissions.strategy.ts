import { Inject, Injectable } from '@nestjs/common';
import { TOPICS } from '@vouchers/contracts';
import { BatchStrategy } from '@vouchers/messaging';
import { LOGGER, Readiness, showConsumption } from '@vouchers/service';
import type { Logger } from 'pino';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import { OwnedPartitions } from './owned.partitions.ts';
import { MAX_RECORDS } from './select.ts';

/** The most bytes per fetch of a partition. Memory holds up to three fetches, decoded about three times as large. */
const MAX_FETCHED_BYTES = 250_000;

/** Consumes the submissions. All replicas share one group, and each partition starts at its cursor. */
@Injectable()
export class SubmissionsStrategy extends BatchStrategy {
  constructor(
    settings: LedgerSettings,
    connections: LedgerConnections,
    partitions: OwnedPartitions,
    readiness: Readiness,
    @Inject(LOGGER) logger: Logger,
  ) {
    super({
      kafka: connections.kafka,
      groupId: settings.group(),
      maxBytesPerPartition: MAX_FETCHED_BYTES,
      maxRecords: MAX_RECORDS,
      topics: { [TOPICS.submissions]: settings.topics.submissions },
      startAt: (_, partition) => partitions.startAt(partition),
      probe: () => partitions.probe(),
      skip: (place) => partitions.skip(place),
      onRevoked: (lost) => {
        partitions.lose(lost.map(({ partition }) => partition)).catch((error: Error) => logger.error(error.message));
      },
    });
    showConsumption('submissions', () => this.consumption);
    partitions.showCursors(
      (of) => this.consumption?.status().assigned.find(({ partition }) => partition === of)?.lag ?? 0,
    );
    readiness.add('publishing', () => partitions.checkPublishing());
    readiness.add('submissions', () => {
      if (this.healthy()) return;
      const { halted = [], stuck = [] } = this.consumption?.status() ?? {};
      const reasons = [
        ...halted.map(({ partition, reason }) => `partition ${partition} halted: ${reason}`),
        ...stuck.map(({ partition, offset, reason, since }) => {
          const time = new Date(since).toISOString();
          return `partition ${partition}: record ${offset} has failed alone since ${time}: ${reason}`;
        }),
      ];
      throw new Error(reasons.join('; ') || 'submissions are not being read');
    });
  }
}
