import { Module } from '@nestjs/common';
import { KafkaConnection } from '../kafka.connection.ts';
import { Quotas } from '../quotas.ts';
import { OutboxMetrics } from './outbox.metrics.ts';
import { OutboxPublisher } from './outbox.publisher.ts';
import { OutboxRecords } from './outbox.records.ts';
import { SignedPublication } from './signed.publication.ts';

@Module({
  providers: [KafkaConnection, OutboxPublisher, OutboxRecords, OutboxMetrics, SignedPublication, Quotas],
  exports: [KafkaConnection, OutboxPublisher, OutboxRecords, Quotas],
})
export class OutboxModule {}
