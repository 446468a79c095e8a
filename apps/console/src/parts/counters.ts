import type { CounterValues } from '@vouchers/contracts';

/** A counter that is a number. */
type CountName = Exclude<keyof CounterValues, 'refused' | 'discounted' | 'reserved'>;

/** Says of each counter whether it counts units in one state or events. The compiler names one that is missing. */
const COUNTED = {
  free: 'units',
  offered: 'units',
  held: 'units',
  locked: 'units',
  used: 'units',
  retired: 'units',
  pushed: 'events',
  claimed: 'events',
  redeemed: 'events',
  rolledBack: 'events',
  expired: 'events',
  released: 'events',
  revoked: 'events',
  waiting: 'events',
  joined: 'events',
  claimedFromOffer: 'events',
  lapsed: 'events',
  left: 'events',
  extended: 'events',
} as const satisfies Record<CountName, 'units' | 'events'>;
type Counting<What> = { [Name in CountName]: (typeof COUNTED)[Name] extends What ? Name : never }[CountName];

export const COUNT_NAMES = Object.keys(COUNTED) as CountName[];
export const UNIT_COUNTS = COUNT_NAMES.filter((name): name is Counting<'units'> => COUNTED[name] === 'units');
export const EVENT_COUNTS = COUNT_NAMES.filter((name): name is Counting<'events'> => COUNTED[name] === 'events');
