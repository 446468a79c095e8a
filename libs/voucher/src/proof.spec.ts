import { describe, expect, it } from '@jest/globals';
import { proofSentence } from '@vouchers/contracts';
import { Story } from '../testing/story.ts';
import { evolve } from './evolve.ts';
import { excessOf, sumFaultOf } from './proof.ts';
import type { VoucherState } from './state.ts';

const NOON = '2026-11-10T12:00:00.000Z';

/** The faults of a history in which each definition has the quantities that `altered` gives. */
function faultsOf(story: Story, altered: (spec: VoucherState['definition']['spec']) => void = () => undefined) {
  let state: VoucherState | undefined;
  return story.events.flatMap((event) => {
    const shown = structuredClone(event);
    if (shown.definition) altered(shown.definition.spec);
    state = evolve(state, shown);
    return [excessOf(shown, state), sumFaultOf(state)].filter((fault) => fault !== undefined).map(proofSentence);
  });
}

function claimed(count: number): Story {
  const story = new Story();
  story.define({ quantities: { claim: 9, push: 9, redeem: 9 } });
  for (let index = 0; index < count; index += 1) {
    story.submit('push', NOON, { userId: `user-${index}` });
    story.submit('claim', NOON, { userId: `user-${index}`, claimId: `claim-${index}` });
    story.submit('redemption', NOON, { redemptionId: `redemption-${index}`, claimId: `claim-${index}` });
  }
  return story;
}

describe('what must be true after every event', () => {
  it('is true of what the decider does', () => {
    const story = claimed(9);
    story.submit('rollback', NOON, { redemptionId: 'redemption-0', claimId: 'claim-0' });
    expect(story.voucher!.counters).toMatchObject({ claimed: 9, held: 1, used: 8 });
    expect(faultsOf(story)).toEqual([]);
  });

  it('is not broken by a quantity that is lowered after the grants', () => {
    const story = claimed(9);
    story.define({ quantities: { claim: 5, push: 5, redeem: 5 } }, 'published', NOON);
    expect(faultsOf(story)).toEqual([]);
  });

  it('is not broken by a claim of a unit that was set aside before the quantity was lowered', () => {
    const story = new Story();
    const spec = { nodes: { claim: { perUser: 2 } }, waitingList: {} };
    story.define({ ...spec, quantities: { claim: 2 } });
    for (const name of ['first', 'second']) story.submit('claim', NOON, { userId: name, claimId: name });
    story.submit('join', NOON, { userId: 'third' });
    story.submit('release', NOON, { userId: 'first', claimId: 'first' });
    story.define({ ...spec, quantities: { claim: 1 } }, 'published', NOON);
    expect(story.ask('claim', NOON, { userId: 'third', claimId: 'third' })).toBe('granted');
    expect(story.voucher!.counters).toMatchObject({ held: 2, claimedFromOffer: 1 });
    expect(faultsOf(story)).toEqual([]);
  });

  it.each([
    ['claim', 'units were gone'],
    ['push', 'users had been shown it'],
    ['redeem', 'uses were counted'],
  ] as const)('is broken by 9 grants of a %s quantity of 5', (quantity, what) => {
    const faults = faultsOf(claimed(9), (spec) => (spec.quantities[quantity] = 5));
    expect(faults).toEqual([6, 7, 8, 9].map((count) => `${count} ${what}, of 5`));
  });

  it('is broken by redemptions and reservations beyond the budget, but not by those of a reservation', () => {
    const money = { amount: 400, currency: 'EUR', version: 1 };
    const order = { id: 'order', amount: 5000, currency: 'EUR' };
    const orderCall = '018f0000-0000-8000-8000-00000000000a';
    const story = new Story();
    const benefit = { type: 'amount-off' as const, amount: 400, currency: 'EUR' };
    story.define({
      benefit,
      nodes: { claim: { perUser: 3 } },
      quantities: { budget: { amount: 1200, currency: 'EUR' } },
    });
    for (const claimId of ['one', 'two', 'three']) story.submit('claim', NOON, { claimId });
    story.submit('redemption', NOON, { claimId: 'one', order, discount: { ...money, lines: [] } });
    story.submit('lock', NOON, { claimId: 'two', order, orderCall, discount: money });
    story.submit('lock', NOON, { claimId: 'three', order, orderCall, discount: money });
    const used = { claimId: 'two', redemptionId: 'second', order, orderCall, discount: { ...money, lines: [] } };
    expect(story.ask('redemption', NOON, used)).toBe('granted');
    expect(faultsOf(story)).toEqual([]);
    expect(faultsOf(story, ({ quantities }) => (quantities.budget!.amount = 700))).toEqual([
      '800 of EUR were taken off, of 700',
      '1200 of EUR were taken off, of 700',
    ]);
  });

  it('is broken by claims by state that do not add up, or by a negative counter', () => {
    const state = claimed(1).voucher!;
    const counters = (changes: object) => {
      const fault = sumFaultOf({ ...state, counters: { ...state.counters, ...changes } });
      return fault && proofSentence(fault);
    };
    expect(counters({})).toBeUndefined();
    expect(counters({ held: 1 })).toBe('2 claims by state, 1 in all');
    expect(counters({ retired: -1 })).toBe('retired is -1');
    expect(counters({ discounted: { EUR: -1 } })).toBe('EUR is -1');
    expect(counters({ reserved: { uses: -1, discount: {} } })).toBe('reserved uses is -1');
    expect(counters({ reserved: { uses: 1, discount: {} } })).toBe('1 claims reserved, 0 locked');
  });
});
