// Vouchers whose state this service does not know, because their outcomes cannot be projected or their newest
// definition cannot be read. Lists and pages leave them out and name them. Writes to them are still decided by the
// ledger.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { parkedProblem, ParkedVouchers } from '@vouchers/outcomes';
import { Database, Readiness } from '@vouchers/service';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { Definitions } from '../read-model/definitions.ts';
import { Holdings } from '../read-model/holdings.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';

/** The vouchers that an answer leaves out. Absent if the answer is complete. */
export interface Unavailable {
  unavailable?: string[];
}

/** The most vouchers that one answer names. */
const MOST_NAMED = 200;
const REVISION = {
  name: 'revision',
  text: 'SELECT COALESCE(sum(revision), 0)::int AS revision FROM positions',
};

@Injectable()
export class Parked implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly vouchers: ParkedVouchers;
  private revision?: number;

  constructor(
    platform: PlatformKafka,
    private readonly database: Database,
    private readonly readModel: ReadModel,
    private readonly definitions: Definitions,
    private readonly states: VoucherStates,
    private readonly holdings: Holdings,
    readiness: Readiness,
  ) {
    const ask = async <Row>(text: string): Promise<Row[]> => {
      await this.forgetAfterRepair();
      return (await this.readModel.rows({ name: 'parked', text })) as Row[];
    };
    this.vouchers = new ParkedVouchers(ask, platform.logger, readiness);
  }

  onApplicationBootstrap(): void {
    this.database.whenReady().then(
      () => this.vouchers.follow(),
      () => undefined,
    );
  }

  onApplicationShutdown(): void {
    this.vouchers.stop();
  }

  has(voucherId: string): boolean {
    return this.vouchers.has(voucherId) || this.definitions.isUnreadable(voucherId);
  }

  /** @throws ProblemError 503 `parked` */
  refuse(voucherId: string): void {
    if (this.has(voucherId)) throw parkedProblem();
  }

  ids(): string[] {
    const unreadable = this.definitions.unreadable();
    return unreadable.length === 0 ? this.vouchers.ids() : [...new Set([...this.vouchers.ids(), ...unreadable])];
  }

  /** The vouchers that a list of all vouchers leaves out. The user may have claims of any of them. */
  inAnswer(ids = this.ids()): Unavailable {
    return ids.length > 0 ? { unavailable: ids.slice(0, MOST_NAMED) } : {};
  }

  /** Clears the caches after a retry or a rebuild, which writes rows without an event. */
  private async forgetAfterRepair(): Promise<void> {
    const [row] = await this.readModel.rows<{ revision: number }>(REVISION);
    if (this.revision !== undefined && row!.revision !== this.revision) {
      this.states.forget();
      this.holdings.forget();
    }
    this.revision = row!.revision;
  }
}
