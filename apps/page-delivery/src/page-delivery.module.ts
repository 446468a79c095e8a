import { Module } from '@nestjs/common';
import { DatabaseModule } from '@vouchers/service';
import { ClaimDesk } from './claims/claim-desk.ts';
import { ClaimsController } from './claims/claims.controller.ts';
import { ExtensionsController } from './claims/extensions.controller.ts';
import { LocksController } from './claims/locks.controller.ts';
import { DryQuoteController } from './dry-quote/dry-quote.controller.ts';
import { DryRunController } from './dry-run/dry-run.controller.ts';
import { HeavyJudging } from './judging/heavy.judging.ts';
import { JudgingThread } from './judging/judging.thread.ts';
import { LedgerClient } from './ledger/ledger.client.ts';
import { PlatformKafka } from './messaging/platform.kafka.ts';
import { OrderCallRunner } from './orders/order-call.runner.ts';
import { OrderCallsStore } from './orders/order-calls.store.ts';
import { OrderPlanner } from './orders/order.planner.ts';
import { OrderReads } from './orders/order.reads.ts';
import { OrdersController } from './orders/orders.controller.ts';
import { OrdersDesk } from './orders/orders.desk.ts';
import { HostedPageAssets } from './pages/hosted-page.assets.ts';
import { HostedPageController } from './pages/hosted-page.controller.ts';
import { PagesController } from './pages/pages.controller.ts';
import { VisitedPage } from './pages/visited-page.ts';
import { Parked } from './parked/parked.ts';
import { ClaimsInputReads } from './qualifications/claims-input.reads.ts';
import { QualificationsController } from './qualifications/qualifications.controller.ts';
import { QuotesController } from './quotes/quotes.controller.ts';
import { ReachReads } from './quotes/reach.reads.ts';
import { Definitions } from './read-model/definitions.ts';
import { Holdings } from './read-model/holdings.ts';
import { Pages } from './read-model/pages.ts';
import { OutcomesProjector } from './read-model/outcomes.projector.ts';
import { READ_MODEL_DATABASE, ReadModel } from './read-model/read-model.ts';
import { ReadYourWrites } from './read-model/read-your-writes.ts';
import { VoucherStates } from './read-model/voucher-states.ts';
import { RedemptionReads } from './redemptions/redemption.reads.ts';
import { RedemptionsController } from './redemptions/redemptions.controller.ts';
import { OutcomesWaiter } from './submissions/outcomes.waiter.ts';
import { PendingSubmissions } from './submissions/pending-submissions.ts';
import { SubmissionDesk } from './submissions/submission-desk.ts';
import { SubmissionsController } from './submissions/submissions.controller.ts';
import { TeamVouchers } from './team/team.vouchers.ts';
import { ForgettingController } from './users/forgetting.controller.ts';
import { ForgettingDesk } from './users/forgetting.desk.ts';
import { EntryReads } from './waiting-list/entry.reads.ts';
import { WaitingListController } from './waiting-list/waiting-list.controller.ts';
import { ClaimReads } from './wallet/claim.reads.ts';
import { WalletController } from './wallet/wallet.controller.ts';

@Module({
  imports: [DatabaseModule.with(READ_MODEL_DATABASE)],
  controllers: [
    PagesController,
    HostedPageController,
    ClaimsController,
    LocksController,
    ExtensionsController,
    WaitingListController,
    WalletController,
    RedemptionsController,
    SubmissionsController,
    QualificationsController,
    QuotesController,
    OrdersController,
    DryRunController,
    DryQuoteController,
    ForgettingController,
  ],
  providers: [
    PlatformKafka,
    HostedPageAssets,
    LedgerClient,
    ReadModel,
    VoucherStates,
    Holdings,
    ReadYourWrites,
    Definitions,
    Pages,
    OutcomesProjector,
    OutcomesWaiter,
    PendingSubmissions,
    SubmissionDesk,
    ForgettingDesk,
    ClaimDesk,
    Parked,
    ClaimReads,
    ClaimsInputReads,
    EntryReads,
    RedemptionReads,
    ReachReads,
    OrderCallsStore,
    OrderCallRunner,
    OrderReads,
    OrderPlanner,
    OrdersDesk,
    TeamVouchers,
    VisitedPage,
    JudgingThread,
    HeavyJudging,
  ],
})
export class PageDeliveryModule {}
