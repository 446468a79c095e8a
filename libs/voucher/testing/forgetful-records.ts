// Records that know only what they were asked to load, until they settle. They test that a simulation asks for all.
import { MemoryRecords, type Knowledge, type Need, type VoucherEvent, type WorldRecords } from '@vouchers/voucher';

export class ForgetfulRecords implements WorldRecords {
  readonly #memory = new MemoryRecords();
  readonly #given = new Set<string>();
  readonly #by = { due: -Infinity, 'due offers': -Infinity };
  #line = 0;
  /** How often something was loaded. */
  loads = 0;

  readonly knowledge: Knowledge = {
    claim: (id) => this.#if(`claim ${id}`, () => this.#memory.claim(id)),
    redemption: (id) => this.#if(`redemption ${id}`, () => this.#memory.redemption(id)),
    user: (id) => this.#if(`user ${id}`, () => this.#memory.user(id)),
    knowsUser: (id) => this.#given.has(`user ${id}`),
    due: (by) => (by <= this.#by.due ? this.#memory.due(by) : undefined),
    live: () => this.#if('live', () => this.#memory.live()),
    entryOf: (userId) => this.#if(`entry ${userId}`, () => this.#memory.entryOf(userId)),
    waiting: (count) => (count <= this.#line ? this.#memory.waiting(this.#line) : undefined),
    dueOffers: (by) => (by <= this.#by['due offers'] ? this.#memory.dueOffers(by) : undefined),
    offered: () => this.#if('offered', () => this.#memory.offered()),
    takenOff: (asked) => this.#if('taken off', () => this.#memory.takenOff(asked)),
  };

  load(needs: readonly Need[]): Promise<void> {
    this.loads += 1;
    for (const need of needs) {
      if (need.what === 'due' || need.what === 'due offers')
        this.#by[need.what] = Math.max(need.by, this.#by[need.what]);
      else if (need.what === 'waiting') this.#line = Math.max(this.#line, need.count);
      else if (need.what === 'entry') this.#given.add(`entry ${need.userId}`);
      else this.#given.add('id' in need ? `${need.what} ${need.id}` : need.what);
    }
    return Promise.resolve();
  }

  take(events: readonly VoucherEvent[]): void {
    for (const { type, claim, before, reason } of events) {
      const isCounted =
        type === 'voucher.claimed.v1' || (!reason && claim?.state === 'released' && before !== 'released');
      if (isCounted && !this.#given.has(`user ${claim!.userId}`)) throw new Error('a user that was not loaded changes');
    }
    this.#memory.take(events);
  }

  nextDue(): number | null | undefined {
    return this.#by.due === -Infinity || this.#by['due offers'] === -Infinity ? undefined : this.#memory.nextDue();
  }

  settle(): Promise<void> {
    this.#given.clear();
    this.#by.due = this.#by['due offers'] = -Infinity;
    this.#line = 0;
    return Promise.resolve();
  }

  #if<T>(key: string, answer: () => T): T | undefined {
    return this.#given.has(key) ? answer() : undefined;
  }
}
