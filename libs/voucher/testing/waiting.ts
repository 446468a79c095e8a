// The model's waiting list: who is next, and when a unit may be offered.
import { earlier, later, withinHours } from './calendar.ts';
import { hasAll, statusOf, useWindowAt, within, type Life, type ModelEntry } from './life.ts';

/** The entry that is next: the highest rank, then whoever joined first. */
export function nextOf(life: Life): ModelEntry | undefined {
  const waiting = life.entries.filter(({ state }) => state === 'waiting');
  const highest = Math.max(...waiting.map(({ rank }) => rank));
  return waiting.find(({ rank }) => rank === highest);
}

/** The end of an offer that is made at `at` by an input at `now`. Undefined if none may be made. */
export function offerEnd(life: Life, at: number, now: number): number | undefined {
  const { windows, waitingList } = life.inForce!.spec;
  const { valid, claim, timeZone } = windows;
  if (!waitingList || statusOf(life) !== 'enabled') return undefined;
  if (!within(valid, at) || !within(claim, at) || !withinHours(at, claim.hours, timeZone)) return undefined;
  const { useFrom, useUntil } = useWindowAt(life, at);
  if (at >= useUntil || later(Math.max(useFrom, at), waitingList.minUse, timeZone) > useUntil) return undefined;
  const ends = [later(now, waitingList.offerFor, timeZone), Date.parse(claim.to), Date.parse(valid.to)];
  const until = Math.min(...ends);
  return until > now ? until : undefined;
}

/** Whether somebody else waits who could be offered a unit at `t`, were one free. */
export function othersWait(life: Life, userId: string, t: number): boolean {
  const others = life.entries.filter((entry) => entry.state === 'waiting' && entry.userId !== userId);
  return offerEnd(life, t, t) !== undefined && others.some((entry) => !hasAll(life, entry.userId));
}

/** The times after `t` at which a claim that ends at `useUntil` gives notice. */
export function noticesAt(life: Life, useUntil: number, t: number): number[] {
  const { notices = [], windows } = life.inForce!.spec;
  const times = notices!.map((notice) => earlier(useUntil, notice, windows.timeZone));
  return [...new Set(times)].filter((time) => time > t).sort((a, b) => a - b);
}

/** The end of a claim after an extension. */
export function extendedEnd(life: Life, useUntil: number): number {
  const { windows, extension } = life.inForce!.spec;
  const { use, valid, timeZone } = windows;
  const end = Date.parse('afterClaim' in use ? valid.to : use.to);
  return Math.min(later(useUntil, extension!.length, timeZone), end);
}

/** Ends an entry. */
export function close(entry: ModelEntry, state: 'claimed' | 'lapsed' | 'left', t: number): ModelEntry {
  delete entry.offer;
  return Object.assign(entry, { state, endedAt: t });
}
