// The short form of `npm run faults`: five faults under load, and the invariants after each. Test names show the seed.
import { brokers, databaseUrl, uniqueNamespace } from '@vouchers/testing';
import { faultsNamed, lostGuards, runFaults, type FaultResult } from '@vouchers/tools';
import { beforeAll, describe, expect, it } from '@jest/globals';

const SEED = 20_261_123;
const SHORT = [
  'ledger-killed-before-commit',
  'ledger-killed-mid-publish',
  'commit-answer-lost',
  'former-owner-writes',
  'repeated-records',
];

it('finds in the build every guard that `npm run faults -- --mutations` removes', () => {
  expect(lostGuards()).toEqual([]);
});

describe(`under load, seed ${SEED}`, () => {
  let results: FaultResult[];
  beforeAll(async () => {
    const options = { databaseUrl: databaseUrl(), brokers: brokers().join(','), namespace: uniqueNamespace() };
    results = await runFaults(faultsNamed(SHORT), { ...options, seed: SEED });
  }, 600_000);

  it.each(SHORT)('%s: every invariant holds', (name) => {
    const { violations, decided, skipped } = results.find(({ fault }) => fault === name)!;
    expect({ violations, skipped }).toEqual({ violations: [] });
    expect(decided).toBeGreaterThan(80);
  });
});
