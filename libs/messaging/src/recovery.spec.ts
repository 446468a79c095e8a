import { describe, expect, it } from '@jest/globals';
import { STUCK_MS } from './isolation.ts';
import { Neighbours } from './neighbours.ts';
import { Recovery } from './recovery.ts';
import { recordingLogger } from '../testing/recording-logger.ts';

const cancelled = Object.assign(new Error('cancelled'), { code: '57014' });
const tooLong = Object.assign(new Error('too long'), { code: '54000' });

function recovery(options: { probe?: () => Promise<void>; skip?: () => Promise<string | undefined> } = {}) {
  const clock = { now: 0 };
  const { probe, skip } = options;
  const neighbours = new Neighbours(probe);
  const logger = recordingLogger();
  const made = new Recovery(
    { logger, neighbours, retryMs: 100, clock: () => clock.now, ...(skip && { skip }) },
    'topic',
    3,
  );
  return { recovery: made, clock, neighbours, logger };
}
const goesOn = async (): Promise<void> => undefined;

describe('the recovery from a failed batch', () => {
  it('doubles its pauses up to 5 s while the infrastructure is away, and starts over when a batch is handled', async () => {
    const { recovery: made } = recovery({ probe: () => Promise.reject(cancelled) });
    const pauses: number[] = [];
    for (let time = 0; time < 8; time += 1) pauses.push(await made.pauseAfter(cancelled, [1n, 2n]));
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    made.handled(3n);
    expect(await made.pauseAfter(cancelled, [3n])).toBe(100);
    expect(made.delivery(3n).aside).toBeUndefined();
  });

  it('pauses if something else than a batch failed, and suspects no record', async () => {
    const { recovery: made } = recovery({ probe: goesOn });
    expect(await made.pauseAfter(tooLong, [])).toBe(100);
    expect(made.delivery(0n)).toEqual({ most: Infinity, suspect: false });
  });

  it('sets a record aside at its second failure alone, and gives the error of Postgres as the reason', async () => {
    const { recovery: made, logger } = recovery({ probe: goesOn });
    expect(await made.pauseAfter(tooLong, [7n])).toBe(0);
    expect(await made.pauseAfter(tooLong, [7n])).toBe(0);
    expect(made.delivery(7n).aside).toEqual({ reason: 'SQLSTATE 54000: too long', attempt: 1 });
    expect(logger.errors).toEqual(['a record cannot be handled: it is set aside']);
  });

  it('sets a record aside only after other batches were handled, if there is no probe', async () => {
    const { recovery: made, neighbours } = recovery();
    for (let time = 0; time < 5; time += 1) await made.pauseAfter(tooLong, [7n]);
    expect(made.delivery(7n).aside).toBeUndefined();
    neighbours.handled += 1;
    await made.pauseAfter(tooLong, [7n]);
    expect(made.delivery(7n).aside).toBeDefined();
  });

  it('reports a record that is stuck by the infrastructure, and sets it aside only if an operator orders it', async () => {
    const orders: string[] = [];
    const { recovery: made, clock } = recovery({ probe: goesOn, skip: async () => orders[0] });
    for (let time = 0; time < 4; time += 1) await made.pauseAfter(cancelled, [7n]);
    clock.now = STUCK_MS;
    await made.pauseAfter(cancelled, [7n]);
    expect(made.stuck()).toEqual([
      { topic: 'topic', partition: 3, offset: 7n, reason: 'SQLSTATE 57014: cancelled', since: 0 },
    ]);
    expect(made.delivery(7n).aside).toBeUndefined();
    orders.push('skipped by ops: it never fits');
    expect(await made.pauseAfter(cancelled, [7n])).toBe(0);
    expect(made.delivery(7n).aside).toEqual({ reason: 'skipped by ops: it never fits', attempt: 1 });
    made.handled(8n);
    expect(made.stuck()).toEqual([]);
  });

  it('goes on if the operators’ orders cannot be read', async () => {
    const { recovery: made, clock, logger } = recovery({ probe: goesOn, skip: () => Promise.reject(cancelled) });
    for (let time = 0; time < 4; time += 1) await made.pauseAfter(cancelled, [7n]);
    clock.now = STUCK_MS;
    expect(await made.pauseAfter(cancelled, [7n])).toBe(1_600);
    expect(logger.warnings).toEqual(['the operators’ orders cannot be read']);
  });
});
