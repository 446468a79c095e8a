import { Controller } from '@nestjs/common';
import { TOPICS } from '@vouchers/contracts';
import { BatchPattern, type RecordBatch } from '@vouchers/messaging';
import { OwnedPartitions } from './owned.partitions.ts';

/** The one ordered input, partition by partition. */
@Controller()
export class SubmissionsConsumer {
  constructor(private readonly partitions: OwnedPartitions) {}

  @BatchPattern(TOPICS.submissions)
  async handle(batch: RecordBatch): Promise<void> {
    await this.partitions.handle(batch);
  }
}
