import { Module } from '@nestjs/common';
import { OwnedPartitions } from './deciding/owned.partitions.ts';
import { SubmissionsConsumer } from './deciding/submissions.consumer.ts';
import { SubmissionsStrategy } from './deciding/submissions.strategy.ts';
import { Ticker } from './deciding/ticker.ts';
import { LedgerConnections } from './ledger.connections.ts';

@Module({
  controllers: [SubmissionsConsumer],
  providers: [LedgerConnections, OwnedPartitions, SubmissionsStrategy, Ticker],
})
export class LedgerModule {}
