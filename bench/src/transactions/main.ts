// The service that most people would write: Nest, TypeORM, one transaction per claim.
import { Module } from '@nestjs/common';
import { runService, startService } from '@vouchers/service';
import { ClaimsController } from './claims.controller.ts';
import { Claims } from './claims.ts';
import { TransactionsSettings } from './transactions.settings.ts';

@Module({ controllers: [ClaimsController], providers: [Claims] })
class TransactionsModule {}

await runService(TransactionsSettings, (settings) => startService(TransactionsModule, settings));
