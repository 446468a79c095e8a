// Step 2 of a batch: everything that its decisions need is loaded before, with a few queries for all of its records.
import { settledTime, type Input } from '@vouchers/voucher';
import type { KnownVoucher } from '../knowledge/known.voucher.ts';
import { Wanted, type KnowledgeLoader } from '../knowledge/knowledge.loader.ts';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { BatchDraft } from './batch.draft.ts';
import type { ReadRecord } from './select.ts';

/** The longest chain of needs: a rollback needs its redemption and claim, then the claim's user, then nothing more. */
const MOST_ROUNDS = 4;

export class Knowing {
  constructor(
    private readonly knowledge: PartitionKnowledge,
    private readonly loader: KnowledgeLoader,
  ) {}

  /**
   * @param wake vouchers that a tick is for
   * @param isCareful whether the batch may repeat what was decided: Postgres is asked
   */
  async ofBatch(records: readonly ReadRecord[], wake: readonly string[], draft: BatchDraft, isCareful: boolean) {
    const voucherIds = new Set(wake);
    for (const { reading } of records)
      if ('voucherId' in reading && reading.voucherId !== undefined) voucherIds.add(reading.voucherId);
    await this.loader.vouchers(voucherIds);
    for (const voucherId of voucherIds) draft.pin(this.knowledge.voucher(voucherId)!);
    await this.load((wanted) => {
      for (const read of records) this.addNeeds(read, wake, wanted);
    });
    if (isCareful) await this.loader.decided(records.flatMap(submissionOf));
  }

  /** The same for one record, on the state that earlier records of the batch left. Mostly nothing is missing. */
  async ofInput(voucher: KnownVoucher, input: Input): Promise<void> {
    await this.load((wanted) => wanted.addNeedsOf(voucher, input));
  }

  /** Whether the submission was decided. Asks Postgres if memory cannot tell. */
  async wasDecided(submissionId: string): Promise<boolean> {
    if (this.knowledge.wasDecided(submissionId) === undefined) await this.loader.decided([submissionId]);
    return this.knowledge.wasDecided(submissionId) === true;
  }

  private async load(addNeeds: (wanted: Wanted) => void): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const wanted = new Wanted();
      addNeeds(wanted);
      if (wanted.isEmpty) return;
      await this.loader.load(wanted);
    }
  }

  private addNeeds({ reading, brokerTime }: ReadRecord, wake: readonly string[], wanted: Wanted): void {
    if (reading.type === 'tick') {
      const input = tickOf(reading, brokerTime);
      for (const voucherId of wake) wanted.addNeedsOf(this.knowledge.voucher(voucherId)!, input);
    } else if (reading.type !== 'unreadable') {
      const voucher = this.knowledge.voucher(reading.voucherId)!;
      wanted.addNeedsOf(voucher, inputOf(reading, brokerTime, voucher));
    }
  }
}

type ReadingOf<Type extends ReadRecord['reading']['type']> = Extract<ReadRecord['reading'], { type: Type }>;

/** The domain's input. @param brokerTime Unix milliseconds */
export function tickOf(reading: ReadingOf<'tick'>, brokerTime: number): Extract<Input, { type: 'tick' }> {
  return { type: 'tick', at: settledTime(reading.at, brokerTime, 'wall') };
}

/** The domain's input. @param brokerTime Unix milliseconds */
export function inputOf(
  reading: ReadingOf<'submission' | 'definition'>,
  brokerTime: number,
  { state }: KnownVoucher,
): Input {
  if (reading.type === 'definition') return { type: 'definition', at: brokerTime, value: reading.value };
  const clock = state?.definition.spec.clock ?? 'wall';
  return { type: 'submission', at: settledTime(reading.at, brokerTime, clock), value: reading.value };
}

/** A repeated push is recognised by its user, not by its submission. */
function submissionOf({ reading }: ReadRecord): string[] {
  if (reading.type === 'unreadable') return reading.submissionId === undefined ? [] : [reading.submissionId];
  return reading.type === 'submission' && reading.value.kind !== 'push' ? [reading.value.submissionId] : [];
}
