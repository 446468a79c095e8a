// Step 2 of a batch: load everything that its decisions need, with a few queries for all records.
import { setImmediate } from 'node:timers/promises';
import { settledTime, type Input } from '@vouchers/voucher';
import type { KnownVoucher } from '../knowledge/known.voucher.ts';
import { Wanted, type KnowledgeLoader } from '../knowledge/knowledge.loader.ts';
import type { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import type { BatchDraft } from './batch.draft.ts';
import type { ReadRecord } from './select.ts';

/** The longest chain of needs: a rollback needs its redemption and claim, then the claim's user, then nothing more. */
const MOST_ROUNDS = 4;
/** While users are on a waiting list, who is next follows from who was before. A round finds up to a slice of them. */
const MOST_ROUNDS_OF_OFFERS = 1_000;

export class Knowing {
  constructor(
    private readonly knowledge: PartitionKnowledge,
    private readonly loader: KnowledgeLoader,
  ) {}

  /**
   * @param wake the vouchers that the tick wakes
   * @param isCareful true if the batch may repeat submissions of an earlier owner, so that Postgres must be asked
   */
  async ofBatch(records: readonly ReadRecord[], wake: readonly string[], draft: BatchDraft, isCareful: boolean) {
    const voucherIds = new Set(wake);
    for (const { parsed } of records)
      if ('voucherId' in parsed && parsed.voucherId !== undefined) voucherIds.add(parsed.voucherId);
    await this.loader.vouchers(voucherIds);
    for (const voucherId of voucherIds) draft.pin(this.knowledge.voucher(voucherId)!);
    await this.loader.learnAhead();
    await this.load((wanted) => {
      for (const read of records) this.addNeeds(read, wake, wanted);
    });
    if (isCareful) await this.loader.decided(records.flatMap(submissionOf));
  }

  /**
   * Begins to look up the users of the next batch, so that its look-up runs while the present one is decided. Does
   * nothing unless the present one had to look users up. Call it before anything of the present batch is decided.
   * @param records the records of the next batch, as far as they are known
   */
  async ahead(records: () => readonly ReadRecord[]): Promise<void> {
    if (!this.loader.hasAskedForUsers) return;
    const wanted = new Wanted();
    for (const { parsed, brokerTime } of records()) {
      const voucher = parsed.type === 'submission' ? this.knowledge.voucher(parsed.voucherId) : undefined;
      if (parsed.type === 'submission' && voucher) wanted.addNeedsOf(voucher, inputOf(parsed, brokerTime, voucher));
    }
    this.loader.usersAhead(wanted);
    // A pool sends a query in a later tick, and deciding occupies this thread.
    await setImmediate();
  }

  /** The same for one record, after earlier records of the batch. Mostly nothing is missing. */
  async ofInput(voucher: KnownVoucher, input: Input): Promise<void> {
    await this.load((wanted) => wanted.addAllNeedsOf(voucher, input), MOST_ROUNDS_OF_OFFERS);
  }

  /** Loads a voucher, which the batch then keeps in memory. */
  async ofVoucher(voucherId: string, draft: BatchDraft): Promise<KnownVoucher> {
    await this.loader.vouchers([voucherId]);
    const voucher = this.knowledge.voucher(voucherId)!;
    draft.pin(voucher);
    return voucher;
  }

  /** Loads what this decision about a voucher lacks, thing by thing. */
  async ofDecision(voucher: KnownVoucher, decision: () => unknown): Promise<void> {
    await this.load((wanted) => wanted.addMissingIn(voucher, decision), MOST_ROUNDS_OF_OFFERS);
  }

  /** Loads a claim and its voucher, which the batch then keeps in memory. */
  async ofClaim(voucherId: string, claimId: string, draft: BatchDraft): Promise<void> {
    await this.ofVoucher(voucherId, draft);
    if (this.knowledge.claim(claimId) !== undefined) return;
    const wanted = new Wanted();
    wanted.claims.add(claimId);
    await this.loader.load(wanted);
  }

  /** Whether the submission was decided. Asks Postgres if memory cannot tell. */
  async wasDecided(submissionId: string): Promise<boolean> {
    if (this.knowledge.wasDecided(submissionId) === undefined) await this.loader.decided([submissionId]);
    return this.knowledge.wasDecided(submissionId) === true;
  }

  private async load(addNeeds: (wanted: Wanted) => void, mostRounds = MOST_ROUNDS): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      const wanted = new Wanted();
      addNeeds(wanted);
      if (wanted.isEmpty) return;
      await this.loader.load(wanted);
    }
  }

  private addNeeds({ parsed, brokerTime }: ReadRecord, wake: readonly string[], wanted: Wanted): void {
    if (parsed.type === 'tick') {
      const input = tickOf(parsed, brokerTime);
      for (const voucherId of wake) wanted.addNeedsOf(this.knowledge.voucher(voucherId)!, input);
    } else if (parsed.type === 'submission' || parsed.type === 'definition') {
      const voucher = this.knowledge.voucher(parsed.voucherId)!;
      wanted.addNeedsOf(voucher, inputOf(parsed, brokerTime, voucher));
    }
  }
}

type ParsedOf<Type extends ReadRecord['parsed']['type']> = Extract<ReadRecord['parsed'], { type: Type }>;

/** The domain's input. @param brokerTime Unix milliseconds */
export function tickOf(parsed: ParsedOf<'tick'>, brokerTime: number): Extract<Input, { type: 'tick' }> {
  return { type: 'tick', at: settledTime(parsed.at, brokerTime, 'wall') };
}

/** The domain's input. @param brokerTime Unix milliseconds */
export function inputOf(
  parsed: ParsedOf<'submission' | 'definition'>,
  brokerTime: number,
  { state }: KnownVoucher,
): Input {
  if (parsed.type === 'definition') return { type: 'definition', at: brokerTime, value: parsed.value };
  const clock = state?.definition.spec.clock ?? 'wall';
  return { type: 'submission', at: settledTime(parsed.at, brokerTime, clock), value: parsed.value };
}

/** The submission ids to look up. Pushes have none, because a repeated push is recognised by its user. */
function submissionOf({ parsed }: ReadRecord): string[] {
  if (parsed.type === 'unreadable') return parsed.submissionId === undefined ? [] : [parsed.submissionId];
  return parsed.type === 'submission' && parsed.value.kind !== 'push' ? [parsed.value.submissionId] : [];
}
