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
import { PartitionEventsController } from './events/partition-events.controller.ts';
import { ExportController } from './events/export.controller.ts';
import { ForgettingsCleaner } from './forgetting/forgettings.cleaner.ts';
import { HeadsPublisher } from './heads/heads.publisher.ts';
import { CheckpointsThinning } from './history/checkpoints.thinning.ts';
import { VoucherHistory } from './history/voucher.history.ts';
import { LabelsController } from './labels/labels.controller.ts';
import { LedgerConnections } from './ledger.connections.ts';
import { ProofController } from './proof/proof.controller.ts';
import { Simulations } from './simulations/simulations.ts';
import { SimulationsCleaner } from './simulations/simulations.cleaner.ts';
import { SimulationsController } from './simulations/simulations.controller.ts';
import { SimulationsRunner } from './simulations/simulations.runner.ts';
import { TeamReads } from './team/team.reads.ts';
import { UsageController } from './usage/usage.controller.ts';
import { UsageReader } from './usage/usage.reader.ts';
import { UsersController } from './users/users.controller.ts';
import { VouchersController } from './vouchers/vouchers.controller.ts';
import { VouchersReader } from './vouchers/vouchers.reader.ts';
import { WaitingListController } from './waiting-list/waiting-list.controller.ts';

@Module({
  controllers: [
    SubmissionsConsumer,
    CountersController,
    SeriesController,
    StreamController,
    VouchersController,
    EventsController,
    PartitionEventsController,
    ExportController,
    UsersController,
    LabelsController,
    UsageController,
    ClaimsController,
    DecisionsController,
    ProofController,
    WaitingListController,
    SimulationsController,
  ],
  providers: [
    LedgerConnections,
    OwnedPartitions,
    SubmissionsStrategy,
    Ticker,
    VoucherHistory,
    CheckpointsThinning,
    ForgettingsCleaner,
    HeadsPublisher,
    CountersReader,
    CountersFeed,
    TeamReads,
    VouchersReader,
    UsageReader,
    Simulations,
    SimulationsRunner,
    SimulationsCleaner,
  ],
})
export class LedgerModule {}
