import { Controller } from '@nestjs/common';
import { TOPICS } from '@vouchers/contracts';
import { BatchPattern, type RecordBatch } from '@vouchers/messaging';
import { OwnedPartitions } from './owned.partitions.ts';

/** Receives the batches of the submissions topic. */
@Controller()
export class SubmissionsConsumer {
  constructor(private readonly partitions: OwnedPartitions) {}

  @BatchPattern(TOPICS.submissions)
  async handle(batch: RecordBatch): Promise<void> {
    await this.partitions.handle(batch);
  }
}
