import { Module } from '@nestjs/common';
import { ClaimsController } from './claims/claims.controller.ts';
import { CountersController } from './counters/counters.controller.ts';
import { CountersFeed } from './counters/counters.feed.ts';
import { CountersReader } from './counters/counters.reader.ts';
import { SeriesController } from './counters/series.controller.ts';
import { StreamController } from './counters/stream.controller.ts';
import { OwnedPartitions } from './deciding/owned.partitions.ts';
import { SubmissionsConsumer } from './deciding/submissions.consumer.ts';
import { SubmissionsStrategy } from './deciding/submissions.strategy.ts';
import { Ticker } from './deciding/ticker.ts';
import { DecisionsController } from './decisions/decisions.controller.ts';
import { EventsController } from './events/events.controller.ts';
import { HeadsPublisher } from './heads/heads.publisher.ts';
import { CheckpointsThinning } from './history/checkpoints.thinning.ts';
import { VoucherHistory } from './history/voucher.history.ts';
import { LedgerConnections } from './ledger.connections.ts';
import { ProofController } from './proof/proof.controller.ts';
import { TeamReads } from './team/team.reads.ts';

@Module({
  controllers: [
    SubmissionsConsumer,
    CountersController,
    SeriesController,
    StreamController,
    EventsController,
    ClaimsController,
    DecisionsController,
    ProofController,
  ],
  providers: [
    LedgerConnections,
    OwnedPartitions,
    SubmissionsStrategy,
    Ticker,
    VoucherHistory,
    CheckpointsThinning,
    HeadsPublisher,
    CountersReader,
    CountersFeed,
    TeamReads,
  ],
})
export class LedgerModule {}
