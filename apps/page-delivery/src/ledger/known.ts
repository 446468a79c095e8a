// One kind of thing that the read model has by its id. If it lacks one, the ledger is asked once.
import { UUID } from '@vouchers/contracts';
import { notFound } from '@vouchers/service';
import type { Parked } from '../parked/parked.ts';

/** The two places in which a thing is looked for. `userId` narrows to things of that user. */
export interface Sources<Thing> {
  readModel(id: string, userId: string | undefined): Promise<Thing | undefined>;
  ledger(id: string): Promise<Thing | undefined>;
}

export abstract class Known<Thing extends { voucherId: string; userId: string }> {
  constructor(
    private readonly sources: Sources<Thing>,
    protected readonly parked: Parked,
  ) {}

  /**
   * For a write, of this user if one is named. If its voucher is parked, the ledger is asked.
   * An id that does not exist and another user's thing give the same answer.
   * @throws ProblemError 404; 503 while the ledger or Postgres is away
   */
  async find(anyId: string, userId: string | undefined): Promise<Thing> {
    const id = idOf(anyId);
    const known = await this.sources.readModel(id, userId);
    return known && !this.parked.has(known.voucherId) ? known : this.ofLedger(id, userId);
  }

  /** The same for a read. @throws ProblemError also 503 `parked` */
  async show(anyId: string, userId: string | undefined): Promise<Thing> {
    const id = idOf(anyId);
    const thing = (await this.sources.readModel(id, userId)) ?? (await this.ofLedger(id, userId));
    this.parked.refuse(thing.voucherId);
    return thing;
  }

  /** As it is now, of any user; undefined if the read model lacks it. If its voucher is parked, the ledger is asked. */
  protected async now(id: string): Promise<Thing | undefined> {
    const known = await this.sources.readModel(id, undefined);
    return known && this.parked.has(known.voucherId) ? this.ofLedger(id, undefined) : known;
  }

  private async ofLedger(id: string, userId: string | undefined): Promise<Thing> {
    const thing = await this.sources.ledger(id);
    if (!thing || (userId !== undefined && thing.userId !== userId)) throw notFound();
    return thing;
  }
}

function idOf(id: string): string {
  if (!UUID.test(id)) throw notFound();
  return id.toLowerCase();
}
