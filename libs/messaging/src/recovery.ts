// Decides, after a batch of one partition failed, which records to deliver next and after which pause.
import type { ConsumptionStatus, ConsumeOptions } from './consumption.ts';
import { failureCauseOf } from './failure-cause.ts';
import { CLEAR, delivery, failed, handled, setAside, stuckIn, type Isolation } from './isolation.ts';
import type { Logger } from './kafka.ts';
import type { Neighbours } from './neighbours.ts';
import type { Aside, RecordPlace } from './record.ts';

export interface RecoveryOptions {
  logger: Logger;
  neighbours: Neighbours;
  skip?: ConsumeOptions['skip'];
  /** The first pause. It doubles each time. */
  retryMs: number;
  /** Unix milliseconds. */
  clock: () => number;
}

const LONGEST_PAUSE_MS = 5_000;
/** Most failures by the infrastructure pass. So this many attempts come before the search for a record that fails. */
const PATIENT_ATTEMPTS = 3;

export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #topic: string;
  readonly #partition: number;
  #isolation: Isolation = CLEAR;
  #handledBefore = 0;
  /** Failures since the last batch that was handled. */
  attempts = 0;

  constructor(options: RecoveryOptions, topic: string, partition: number) {
    this.#options = options;
    this.#topic = topic;
    this.#partition = partition;
  }

  /** Decides how the records from that offset on are delivered. */
  delivery(first: bigint): { most: number; suspect: boolean; aside?: Aside } {
    return delivery(this.#isolation, first);
  }

  handled(next: bigint): void {
    this.attempts = 0;
    this.#options.neighbours.handled += 1;
    this.#isolation = handled(this.#isolation, next);
  }

  stuck(): ConsumptionStatus['stuck'] {
    const stuck = stuckIn(this.#isolation, this.#options.clock());
    return stuck ? [{ topic: this.#topic, partition: this.#partition, ...stuck }] : [];
  }

  /**
   * Never rejects.
   * @param offsets of the failed batch; empty if something else failed
   * @returns the pause before the next attempt
   */
  async pauseAfter(error: unknown, offsets: readonly bigint[]): Promise<number> {
    const pauseMs = Math.min(this.#options.retryMs * 2 ** this.attempts, LONGEST_PAUSE_MS);
    this.attempts += 1;
    const first = offsets[0];
    if (first === undefined) return pauseMs;
    const after = failed(this.#isolation, {
      first,
      next: offsets.at(-1)! + 1n,
      records: offsets.length,
      cause: failureCauseOf(error),
      reason: reasonOf(error),
      othersGoOn: await this.#othersGoOn(error, offsets.length),
      at: this.#options.clock(),
    });
    return this.#take((await this.#skipped(after.isolation)) ?? after, pauseMs);
  }

  #take({ isolation, wait }: { isolation: Isolation; wait: boolean }, pauseMs: number): number {
    const { aside } = isolation;
    if (aside && this.#isolation.aside?.offset !== aside.offset) {
      const { reason } = aside.aside;
      this.#options.logger.error(
        { ...this.#loggedPlace(aside.offset), reason },
        'a record cannot be handled: it is set aside',
      );
    }
    this.#isolation = isolation;
    return wait ? pauseMs : 0;
  }

  /** A probe costs time, so it is asked only if the answer matters: several records are tried in halves first. */
  async #othersGoOn(error: unknown, records: number): Promise<boolean> {
    const { neighbours } = this.#options;
    const since = this.#handledBefore;
    this.#handledBefore = neighbours.handled;
    const matters = failureCauseOf(error) === 'infrastructure' ? this.attempts > PATIENT_ATTEMPTS : records === 1;
    return matters && (await neighbours.goOn(since));
  }

  /** An operator's order for the stuck record. */
  async #skipped(isolation: Isolation): Promise<ReturnType<typeof setAside> | undefined> {
    const stuck = stuckIn(isolation, this.#options.clock());
    if (!stuck || !this.#options.skip) return undefined;
    const place: RecordPlace = { topic: this.#topic, partition: this.#partition, offset: stuck.offset };
    try {
      const reason = await this.#options.skip(place);
      return reason === undefined ? undefined : setAside(isolation, stuck.offset, reason);
    } catch (error) {
      this.#options.logger.warn(
        { ...this.#loggedPlace(stuck.offset), err: error },
        'the operators’ orders cannot be read',
      );
      return undefined;
    }
  }

  #loggedPlace(offset: bigint): { topic: string; partition: number; offset: string } {
    return { topic: this.#topic, partition: this.#partition, offset: String(offset) };
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? `SQLSTATE ${code}: ${reason}` : reason;
}
