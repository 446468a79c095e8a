// Compares decider and model on random histories. HISTORIES=10000 runs more of them, SEED=… repeats a run.
import { describe, expect, it } from '@jest/globals';
import { USER_FORGOTTEN } from '@vouchers/contracts';
import { EVENT_TYPES } from '@vouchers/contracts/schemas';
import { compare, shrink, tell } from './comparison.ts';
import { randomHistory } from './history.generator.ts';
import { Random, SEED, seedOf } from './random.ts';

const HISTORIES = Number(process.env.HISTORIES ?? 500);

describe('the decider and an independent model of the specification', () => {
  it(
    `agree on ${HISTORIES} random histories, SEED=${SEED}`,
    () => {
      const types = new Set<string>();
      process.stdout.write(`histories: SEED=${SEED} HISTORIES=${HISTORIES}\n`);
      for (let number = 0; number < HISTORIES; number++) {
        const history = randomHistory(new Random(seedOf(number)), 60);
        if (compare(history, ({ type }) => types.add(type)))
          throw new Error(`history ${number} of SEED=${SEED}\n${tell(compare(shrink(history))!)}`);
      }
      // Each type of event happens in the histories, but for the one that belongs to no voucher.
      const ofVouchers = EVENT_TYPES.filter((type) => type !== USER_FORGOTTEN);
      if (HISTORIES >= 500) expect([...types].sort()).toEqual([...ofVouchers].sort());
      expect(HISTORIES).toBeGreaterThan(0);
    },
    60_000 + HISTORIES * 300,
  );
});
