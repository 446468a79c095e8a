// Compares the memory of a waiting list, which holds a part of it, with the whole list.
import { describe, expect, it } from '@jest/globals';
import { isAhead, SLICE, type EntryRecord } from '@vouchers/voucher';
import { DUE_LOADED } from './dues.ts';
import { WAITING_LOADED, WaitingList } from './waiting.list.ts';

/** More than memory holds. */
const MANY = 6_000;

class Whole {
  readonly entries = new Map<string, EntryRecord>();
  list = new WaitingList(true);

  set(entry: EntryRecord): void {
    this.entries.set(entry.entryId, entry);
    this.list.update(entry);
  }

  join(number: number, rank: number): void {
    const id = String(number).padStart(6, '0');
    const same = { voucherId: 'v', voucherVersion: 1, joinedAt: 0, state: 'waiting' as const };
    this.set({ ...same, entryId: `e-${id}`, userId: `u-${id}`, rank, number });
  }

  line(): EntryRecord[] {
    return this.of('waiting').sort((a, b) => (isAhead(a, b) ? -1 : 1));
  }

  of(state: EntryRecord['state']): EntryRecord[] {
    return [...this.entries.values()].filter((entry) => entry.state === state);
  }

  /** The first who waits, loaded as the ledger does if memory cannot tell. */
  next(): EntryRecord | undefined {
    if (!this.list.waiting(1)) {
      const rows = this.line().slice(0, WAITING_LOADED);
      this.list.refillLine(rows, rows.length < WAITING_LOADED ? undefined : rows.at(-1));
    }
    return this.list.waiting(1)![0];
  }

  due(time: number): readonly EntryRecord[] {
    if (!this.list.offers.until(time)) {
      const rows = this.of('offered')
        .sort((a, b) => a.offer!.until - b.offer!.until || (a.entryId < b.entryId ? -1 : 1))
        .slice(0, DUE_LOADED);
      this.list.refillOffers(rows, rows.length < DUE_LOADED ? undefined : rows.at(-1));
    }
    return this.list.offers.until(time)!;
  }
}

const offered = (entry: EntryRecord, until: number): EntryRecord => ({
  ...entry,
  state: 'offered',
  offer: { at: 0, until },
});
const ended = ({ offer: _, ...entry }: EntryRecord, state: 'left' | 'lapsed'): EntryRecord => ({
  ...entry,
  state,
  endedAt: 1,
});

describe('the memory of a waiting list', () => {
  it('knows who is next, whatever joins, leaves and is forgotten meanwhile', () => {
    const whole = new Whole();
    for (let number = 1; number <= MANY; number += 1) whole.join(number, (number * 7919) % 5);
    expect(whole.list.size).toBeLessThan(MANY * 3);
    for (let step = 0; step < 500; step += 1) {
      const [first] = whole.line();
      expect([step, whole.next()?.number]).toEqual([step, first?.number]);
      whole.set(offered(first!, step));
      if (step % 7 === 0) whole.join(MANY + 1 + step, step % 11);
      if (step % 5 === 0) whole.set(ended(whole.line()[step]!, 'left'));
      if (step % 11 === 0) {
        const [one] = whole.of('offered');
        const { offer: _, ...entry } = one!;
        whole.set({ ...entry, state: 'waiting' });
      }
      if (step % 100 === 99) whole.list = new WaitingList(false);
    }
  });

  it('gives the offers that lapse first, a slice at most', () => {
    const whole = new Whole();
    for (let number = 1; number <= MANY; number += 1) whole.join(number, 0);
    for (const entry of whole.line()) whole.set(offered(entry, (entry.number * 7919) % 1_000));
    whole.list.trim();
    expect(whole.list.size).toBeLessThan(5 * MANY);
    let lapsed = 0;
    for (let due = whole.due(999); due.length > 0; due = whole.due(999)) {
      const wanted = whole
        .of('offered')
        .sort((a, b) => a.offer!.until - b.offer!.until || (a.entryId < b.entryId ? -1 : 1));
      expect(due.map(({ entryId }) => entryId)).toEqual(wanted.slice(0, SLICE).map(({ entryId }) => entryId));
      for (const entry of due) whole.set(ended(entry, 'lapsed'));
      lapsed += due.length;
    }
    expect(lapsed).toBe(MANY);
  });

  it('knows a user without an entry only if it has all entries', () => {
    const whole = new Whole();
    whole.join(1, 0);
    expect(whole.list.entryOf('u-000001')?.number).toBe(1);
    expect(whole.list.entryOf('nobody')).toBeNull();
    whole.list = new WaitingList(false);
    expect(whole.list.entryOf('nobody')).toBeUndefined();
    whole.list.learn('nobody', null);
    expect(whole.list.entryOf('nobody')).toBeNull();
    whole.next();
    whole.due(0);
    expect(whole.list.entryOf('somebody')).toBeNull();
  });

  it('gives the offers that are withdrawn by id', () => {
    const whole = new Whole();
    for (let number = 1; number <= 3; number += 1) whole.join(number, 0);
    expect(whole.list.offered()).toBeUndefined();
    for (const entry of whole.line()) whole.set(offered(entry, 5));
    whole.list.refillOffered(whole.of('offered').reverse(), undefined);
    whole.set(ended(whole.of('offered')[1]!, 'lapsed'));
    expect(whole.list.offered()!.map(({ number }) => number)).toEqual([1, 3]);
  });
});
