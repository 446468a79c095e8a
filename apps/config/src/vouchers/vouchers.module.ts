import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.ts';
import { VoucherLifeController } from './voucher-life.controller.ts';
import { VoucherReads } from './voucher.reads.ts';
import { VoucherVersionsController } from './voucher-versions.controller.ts';
import { VoucherWrites } from './voucher.writes.ts';
import { VouchersController } from './vouchers.controller.ts';

@Module({
  imports: [OutboxModule],
  controllers: [VouchersController, VoucherLifeController, VoucherVersionsController],
  providers: [VoucherReads, VoucherWrites],
})
export class VouchersModule {}
