import type { EventEntry, EventRow } from '@vouchers/contracts';
import { expect, it } from '@jest/globals';
import { openOffers } from './open-offers.ts';

const event = (id?: string, state?: EventEntry['state']) => ({ data: id ? { entry: { id, state } } : {} }) as EventRow;

it('an offer is open until a newer event of its entry says otherwise', () => {
  const events = [
    event(),
    event('lapsed', 'lapsed'),
    event('again', 'offered'),
    event('claimed', 'claimed'),
    event('once', 'offered'),
    event('claimed', 'offered'),
    event('again', 'waiting'),
    event('lapsed', 'offered'),
    event('again', 'offered'),
  ];
  expect(openOffers(events).map(({ id }) => id)).toEqual(['again', 'once']);
});
