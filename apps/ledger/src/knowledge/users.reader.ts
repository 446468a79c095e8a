// Reads all users of a voucher while its batches go on and look users up one by one. It keeps their rows. If these do
// not fit the budget, it makes a filter of their ids. A process reads one voucher at a time. It reads a voucher with
// many users only after many look-ups, because a few look-ups cost less than reading all users.
import { setImmediate } from 'node:timers/promises';
import type { ContextReader, UserRow } from '@vouchers/event-store';
import { BloomFilter, bytesOfFilter } from './bloom.filter.ts';
import type { KnownVoucher } from './known.voucher.ts';
import type { KnowledgeBudget } from './knowledge.budget.ts';
import { bytesOfUser } from './voucher.users.ts';

const USERS_PER_PAGE = 20_000;
const IDS_PER_PAGE = 50_000;
/** The most vouchers that are read or wait. Others try again when they are used next. */
const MOST_WAITING = 10_000;
/** A look-up costs about as much as reading this many users. So both together cost at most twice the cheaper way. */
const USERS_PER_LOOK_UP = 4;

export class UsersReader {
  private readonly begun = new Set<KnownVoucher>();
  private last: Promise<void> = Promise.resolve();
  /** The number of look-ups per voucher that is not read. */
  private readonly lookedUp = new WeakMap<KnownVoucher, number>();
  /** The bytes of a voucher's filter, if they did not fit. */
  private readonly wanting = new WeakMap<KnownVoucher, number>();

  constructor(
    private readonly reader: ContextReader,
    private readonly budget: KnowledgeBudget,
    private readonly failed: (error: Error) => void,
    private readonly usersPerLookUp = USERS_PER_LOOK_UP,
  ) {}

  /**
   * Begins to read a voucher's users, unless they are read already or reading does not pay yet.
   * @param lookUps users that the batch had to look up
   */
  begin(partition: number, voucher: KnownVoucher, lookUps: number): void {
    if (voucher.users.isRead || this.begun.has(voucher) || this.begun.size >= MOST_WAITING) return;
    const lookedUp = (this.lookedUp.get(voucher) ?? 0) + lookUps;
    this.lookedUp.set(voucher, lookedUp);
    const users = mostUsers(voucher);
    if (users > USERS_PER_PAGE && lookedUp * this.usersPerLookUp < users) return;
    if ((this.wanting.get(voucher) ?? 0) > this.budget.room) return;
    this.begun.add(voucher);
    this.last = this.last
      .then(() => this.read(partition, voucher))
      .catch((error: unknown) => {
        voucher.users.giveUp();
        this.failed(error as Error);
      })
      .finally(() => this.begun.delete(voucher));
  }

  /** Resolves when nothing is being read. */
  async settled(): Promise<void> {
    await this.last;
  }

  private async read(partition: number, voucher: KnownVoucher): Promise<void> {
    const { users, voucherId, state } = voucher;
    if (voucher.isForgotten || !state) return;
    users.gather(new Map());
    const page = await this.reader.usersAfter(partition, voucherId, '', USERS_PER_PAGE);
    const bytes = page.reduce((sum, { userId }) => sum + bytesOfUser(userId), 0);
    const most = Math.max(mostUsers(voucher), page.length);
    const ofAll = page.length < USERS_PER_PAGE ? bytes : (bytes / page.length) * most;
    const byName = ofAll <= this.budget.mostForOne;
    if (byName && (await this.within(ofAll, () => this.readRows(partition, voucher, page)))) return;
    users.gather(new BloomFilter(most));
    if (await this.within(bytesOfFilter(most), () => this.readIds(partition, voucher))) return;
    users.giveUp();
    this.wanting.set(voucher, bytesOfFilter(most));
  }

  /** Runs `act` with these bytes reserved. False if they do not fit and nothing was done. */
  private async within(bytes: number, act: () => Promise<void>): Promise<boolean> {
    if (!this.budget.ask(bytes)) return false;
    try {
      await act();
    } finally {
      this.budget.give(bytes);
    }
    return true;
  }

  private async readRows(partition: number, voucher: KnownVoucher, first: UserRow[]): Promise<void> {
    let page = first;
    for (;;) {
      for (const row of page) voucher.users.gathered(row.userId, row);
      if (page.length < USERS_PER_PAGE) return voucher.usersAreRead();
      page = await this.reader.usersAfter(partition, voucher.voucherId, page.at(-1)!.userId, USERS_PER_PAGE);
      if (voucher.isForgotten) return;
    }
  }

  /** Reads ids in pages of one text each. The next page loads while this one is added. */
  private async readIds(partition: number, voucher: KnownVoucher): Promise<void> {
    const read = (last: string) => this.reader.userIdsAfter(partition, voucher.voucherId, last, IDS_PER_PAGE);
    let page = await read('');
    while (page) {
      const next = read(page.last);
      next.catch(() => undefined);
      await setImmediate();
      for (const userId of JSON.parse(page.userIds) as string[]) voucher.users.gathered(userId);
      page = await next;
      if (voucher.isForgotten) return;
    }
    voucher.usersAreRead();
  }
}

/** An upper bound for the number of users, because each has at least one push or claim. */
const mostUsers = ({ state }: KnownVoucher): number => (state ? state.counters.pushed + state.counters.claimed : 0);
