import { describe, expect, it } from '@jest/globals';
import { KnowledgeBudget, type Keeper } from './knowledge.budget.ts';

const MEGABYTE = 1_000_000;

class TestKeeper implements Keeper {
  bytes = 0;
  pins = 0;
  isForgotten = false;
  constructor(
    private readonly budget: KnowledgeBudget,
    bytes: number,
    private smallest = bytes,
  ) {
    budget.use(this, bytes);
  }

  shrink(): boolean {
    if (this.bytes <= this.smallest) return false;
    this.budget.recount(this, this.smallest);
    return true;
  }

  forget(): void {
    this.isForgotten = true;
    this.budget.drop(this);
  }
}

describe('the budget of a process', () => {
  it('refuses bytes that do not fit and reserves none of them', () => {
    const budget = new KnowledgeBudget(MEGABYTE);
    expect([budget.ask(600_000), budget.ask(600_000), budget.bytes]).toEqual([true, false, 600_000]);
    budget.give(600_000);
    expect([budget.ask(MEGABYTE), budget.room]).toEqual([true, 0]);
  });

  it('gives up the least recently used vouchers until the others fit', () => {
    const budget = new KnowledgeBudget(MEGABYTE);
    const [first, second, third, fourth, fifth] = [1, 2, 3, 4, 5].map(() => new TestKeeper(budget, 240_000));
    budget.use(first!, 240_000);
    budget.trim();
    expect([first, second, third, fourth, fifth].map((keeper) => keeper!.isForgotten)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(budget.bytes).toBe(960_000);
  });

  it('never gives up a voucher that an unwritten batch uses, but shrinks it', () => {
    const budget = new KnowledgeBudget(MEGABYTE);
    const keepers = [1, 2, 3, 4, 5].map(() => new TestKeeper(budget, 240_000, 100_000));
    for (const keeper of keepers) keeper.pins = 1;
    budget.trim();
    expect(keepers.map(({ isForgotten }) => isForgotten)).not.toContain(true);
    expect(keepers.map(({ bytes }) => bytes)).toEqual([100_000, 100_000, 240_000, 240_000, 240_000]);
  });

  it('lets one voucher use up to half of it for users by name', () => {
    const budget = new KnowledgeBudget(MEGABYTE);
    const [small, large] = [new TestKeeper(budget, 500_000, 1_000), new TestKeeper(budget, 500_001, 1_000)];
    expect([small.bytes, large.bytes]).toEqual([500_000, 1_000]);
  });
});
