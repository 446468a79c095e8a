// Waits with a bound for what takes time.
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 100;

/** Probes until the answer is true. An error counts as false. @returns whether it became true within this time */
export async function comesTrue(withinMs: number, probe: () => Promise<boolean>): Promise<boolean> {
  for (const until = performance.now() + withinMs; performance.now() < until; await pause(LOOK_MS))
    if (await probe().catch(() => false)) return true;
  return false;
}

/** Looks until there is no fault, or until the time is up. An error is a fault. @returns the faults of the last look */
export async function lastFaults(withinMs: number, look: () => Promise<string[]>): Promise<string[]> {
  let faults: string[] = [];
  await comesTrue(withinMs, async () => {
    faults = await look().catch((error: unknown) => [String(error)]);
    return faults.length === 0;
  });
  return faults;
}

/**
 * Waits for the work, but not longer than this. It leaves no timer behind, which would keep the process alive.
 * @returns whether the work ended within this time
 */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const patience = Promise.withResolvers<false>();
  const timer = setTimeout(() => patience.resolve(false), ms);
  return Promise.race([work.then(() => true), patience.promise]).finally(() => clearTimeout(timer));
}
