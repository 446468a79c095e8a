import { expect, it } from '@jest/globals';
import type { Simulation } from '@vouchers/contracts';
import { effectOf, isOver, newClaims } from './simulations.ts';

const granted = { verdict: 'granted' } as const;
const refused = { verdict: 'refused', reason: 'sold-out' } as const;

it.each([
  ['wins', refused, granted],
  ['loses', granted, refused],
  ['loses', granted, { verdict: 'moot' } as const],
  ['others', refused, { verdict: 'refused', reason: 'claim-rule' } as const],
  ['others', refused, { verdict: 'moot' } as const],
] as const)('%s by %j that would be %j', (effect, was, would) => expect(effectOf({ was, would })).toBe(effect));

it('only claims that history refused are new', () => {
  const reason = (kind: 'claim' | 'redemption', was: string, would: string, n: number) =>
    ({ class: 'exact', kind, was, would, n }) as const;
  const reasons = [
    reason('claim', 'sold-out', 'granted', 7),
    reason('claim', 'claim-rule', 'granted', 2),
    reason('claim', 'granted', 'sold-out', 5),
    reason('redemption', 'use-rule', 'granted', 3),
  ];
  expect(newClaims({ reasons } as unknown as Simulation)).toBe(9);
  expect(newClaims({})).toBe(0);
});

it.each([
  ['queued', false],
  ['running', false],
  ['done', true],
  ['failed', true],
  ['cancelled', true],
] as const)('%s is over: %s', (state, over) => expect(isOver({ state })).toBe(over));
