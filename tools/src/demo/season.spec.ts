import { describe, expect, it } from '@jest/globals';
import { guestsOf, SEASON } from './season.ts';

describe('the guests of the simulated season', () => {
  const guests = guestsOf();

  it('are the same for the same seed, and others for another', () => {
    expect(guestsOf()).toEqual(guests);
    expect(guestsOf({ ...SEASON, seed: 2 })).not.toEqual(guests);
  });

  it('arrive in order within the season, each with an id of its own', () => {
    expect(guests).toHaveLength(SEASON.guests);
    expect(new Set(guests.map(({ id }) => id)).size).toBe(SEASON.guests);
    expect(guests.map(({ arrives }) => arrives)).toEqual(guests.map(({ arrives }) => arrives).sort((a, b) => a - b));
    expect(guests.at(-1)!.arrives).toBeLessThan(SEASON.days);
  });

  it('have plans of every kind, and only those who are late come after a week', () => {
    expect(new Set(guests.map(({ plan }) => plan))).toEqual(new Set(['comes', 'forgets', 'late', 'cannot']));
    expect(guests.every(({ plan, visitsAfter }) => (plan === 'late') === visitsAfter > 7)).toBe(true);
  });
});
