import { expect, it } from '@jest/globals';
import { PageDeliverySettings } from '../settings.ts';
import type { ReadModel } from './read-model.ts';
import { VoucherStates } from './voucher-states.ts';

const settings = Object.assign(new PageDeliverySettings(), { partitions: 1 });
const V = '01a20000-0000-7000-8000-00000000000a';

it('never returns an older state after a wait for a newer position, in whatever order the reads end', async () => {
  let seq = 5;
  const held: (() => void)[] = [];
  const readModel = {
    // A read takes its snapshot at once, and ends when the test lets it through.
    rows: async (_statement: unknown, [ids, known]: [string[], number[]]) => {
      const head = seq;
      await new Promise<void>((resolve) => held.push(resolve));
      const vouchers = ids
        .filter((_, index) => known[index]! < head)
        .map((voucherId) => ({ voucherId, state: { voucherId, head: { seq: head } }, definition: {} }));
      return [{ positions: { 0: { seq: head + 1, offset: head } }, vouchers }];
    },
  };
  const letThrough = async (which: number): Promise<void> => {
    held.splice(which, 1)[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const states = new VoucherStates(settings, readModel as unknown as ReadModel);
  states.beginAt([5n]);
  const first = states.positions();
  await letThrough(0);
  await first;

  const older = Promise.resolve(states.of([V]));
  states.saw(V, { partition: 0, seq: 6 });
  seq = 6;
  let reached = false;
  const reaching = states.reach({ partition: 0, seq: 6 }).then(() => (reached = true));
  // The newest read ends first.
  for (let turns = 0; turns < 10 && !reached; turns += 1) await letThrough(-1);
  while (held.length > 0) await letThrough(0);
  await Promise.all([older, reaching]);
  const now = Promise.resolve(states.of([V]));
  while (held.length > 0) await letThrough(0);
  expect((await now).get(V)?.head.seq).toBe(6);
  states.onApplicationShutdown();
});
