// Reads one claim or redemption by its id: from the read model, or from the ledger if the read model lacks it.
import { UUID } from '@vouchers/contracts';
import { notFound } from '@vouchers/service';
import type { Parked } from '../parked/parked.ts';
import type { MaybePromise } from '../read-model/maybe-promise.ts';

/** The two sources of a thing. With `userId`, only a thing of that user is found. */
export interface Sources<Thing> {
  readModel(id: string, userId: string | undefined): Promise<Thing | undefined>;
  ledger(id: string): Promise<Thing | undefined>;
}

/** Whether a caller may know of things of this voucher. */
export type Sees = (voucherId: string) => MaybePromise<boolean>;
const EVERYTHING: Sees = () => true;

export abstract class ReadsById<Thing extends { voucherId: string; userId: string }> {
  constructor(
    private readonly sources: Sources<Thing>,
    protected readonly parked: Parked,
  ) {}

  /**
   * Finds a thing for a write; with `userId`, only one of that user. If its voucher is parked, the ledger is asked.
   * A thing of another user, or one that the caller does not see, is looked up and answered like an id that does not
   * exist.
   * @throws ProblemError 404; 503 while the ledger or Postgres is away
   */
  async find(anyId: string, userId: string | undefined, sees = EVERYTHING): Promise<Thing> {
    const id = idOf(anyId);
    const thing = await this.sources.readModel(id, userId);
    const isHere = thing && !this.parked.has(thing.voucherId) && (await sees(thing.voucherId));
    return isHere ? thing : this.fromLedger(id, userId, sees);
  }

  /** Finds a thing for a read. @throws ProblemError as `find` does, and 503 if its voucher is parked */
  async show(anyId: string, userId: string | undefined, sees = EVERYTHING): Promise<Thing> {
    const id = idOf(anyId);
    const known = await this.sources.readModel(id, userId);
    const thing = known && (await sees(known.voucherId)) ? known : await this.fromLedger(id, userId, sees);
    this.parked.refuse(thing.voucherId);
    return thing;
  }

  /** The thing as it is now. Undefined if the read model lacks it. If its voucher is parked, the ledger is asked. */
  protected async current(id: string): Promise<Thing | undefined> {
    const thing = await this.sources.readModel(id, undefined);
    return thing && this.parked.has(thing.voucherId) ? this.fromLedger(id, undefined) : thing;
  }

  /** The thing as the ledger knows it. @throws ProblemError as `find` does */
  async fromLedger(id: string, userId: string | undefined, sees = EVERYTHING): Promise<Thing> {
    const thing = await this.sources.ledger(id);
    const isOf = thing && (userId === undefined || thing.userId === userId);
    if (!isOf || !(await sees(thing.voucherId))) throw notFound();
    return thing;
  }
}

function idOf(id: string): string {
  if (!UUID.test(id)) throw notFound();
  return id.toLowerCase();
}
