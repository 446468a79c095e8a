import { describe, expect, it } from '@jest/globals';
import type { Day, Hours, VoucherSpecInput } from '@vouchers/contracts';
import { specFaults } from './faults.ts';

type Windows = VoucherSpecInput['windows'];
const at = (days: Day[], from: string, to: string): Hours => ({ days, from, to });
const SUNDAYS = at(['SU'], '10:00', '22:00');

/** Monday 2 to Tuesday 3 November 2026, in Shanghai. */
const TWO_DAYS = { from: '2026-11-02T00:00:00+08:00', to: '2026-11-04T00:00:00+08:00' };
const MONTH = { from: '2026-11-01T00:00:00+08:00', to: '2026-12-01T00:00:00+08:00' };
const pointers = (windows: Partial<Windows>): string[] =>
  specFaults({
    name: 'V',
    resourceType: 'coupon',
    windows: { timeZone: 'Asia/Shanghai', valid: MONTH, ...windows },
  }).map(({ pointer }) => pointer);
const CLAIM = ['/windows/claim/hours'];
const USE = ['/windows/use/hours'];

describe('a window that never opens is refused at its hours:', () => {
  it.each<[string, Partial<Windows>, string[]]>([
    ['no hours to claim', { claim: { hours: [] } }, CLAIM],
    ['no hours to use', { use: { hours: [] } }, USE],
    ['no hours after a claim', { use: { afterClaim: { delay: 'PT0S', length: 'P1D' }, hours: [] } }, USE],
    ['neither to claim nor to use', { claim: { hours: [] }, use: { hours: [] } }, [...CLAIM, ...USE]],
    ['Sundays from Monday to Tuesday', { claim: { ...TWO_DAYS, hours: [SUNDAYS] } }, CLAIM],
    ['the same to use', { use: { ...TWO_DAYS, hours: [SUNDAYS] } }, USE],
    [
      'hours without a range, in a short valid window',
      { valid: TWO_DAYS, claim: { hours: [SUNDAYS] }, use: { hours: [SUNDAYS] } },
      [...CLAIM, ...USE],
    ],
    [
      'a Wednesday in UTC that is no Wednesday in Shanghai',
      { claim: { ...TWO_DAYS, hours: [at(['WE'], '00:00', '24:00')] } },
      CLAIM,
    ],
    [
      'the evening after the end',
      { valid: { ...TWO_DAYS, to: '2026-11-03T20:00:00+08:00' }, claim: { hours: [at(['TU'], '20:00', '22:00')] } },
      CLAIM,
    ],
    [
      'the morning before the beginning',
      { valid: { ...TWO_DAYS, from: '2026-11-02T12:00:00+08:00' }, claim: { hours: [at(['MO'], '10:00', '12:00')] } },
      CLAIM,
    ],
    [
      'the night before, which ends as the window begins',
      { claim: { ...TWO_DAYS, from: '2026-11-02T02:00:00+08:00', hours: [at(['SU'], '22:00', '02:00')] } },
      CLAIM,
    ],
    [
      'Sundays, with a use window of a day after a claim on Monday or Tuesday',
      { claim: TWO_DAYS, use: { afterClaim: { delay: 'PT0S', length: 'P1D' }, hours: [SUNDAYS] } },
      USE,
    ],
    [
      'Fridays, with a use window that begins after a week',
      { claim: TWO_DAYS, use: { afterClaim: { delay: 'P26D', length: 'P3D' }, hours: [at(['FR'], '10:00', '12:00')] } },
      USE,
    ],
    // Berlin, 28 March 2027: 02:00 is followed by 03:00.
    [
      'an hour that the clock skips',
      {
        timeZone: 'Europe/Berlin',
        valid: { from: '2027-03-28T00:00:00+01:00', to: '2027-03-29T00:00:00+02:00' },
        claim: { hours: [at(['SU'], '02:00', '03:00')] },
      },
      CLAIM,
    ],
    // Samoa had no Friday 30 December 2011.
    [
      'a day that was skipped',
      {
        timeZone: 'Pacific/Apia',
        valid: { from: '2011-12-28T00:00:00-10:00', to: '2012-01-02T00:00:00+14:00' },
        claim: { hours: [at(['FR'], '00:00', '24:00')] },
      },
      CLAIM,
    ],
  ])('%s', (_, windows, told) => {
    expect(pointers(windows)).toEqual(told);
  });
});

describe('a window that opens once is accepted:', () => {
  it.each<[string, Partial<Windows>]>([
    ['the last minute', { claim: { ...TWO_DAYS, hours: [at(['TU'], '23:59', '24:00')] } }],
    [
      'the first moment, from the night before',
      { claim: { ...TWO_DAYS, to: '2026-11-02T00:00:01+08:00', hours: [at(['SU'], '22:00', '00:01')] } },
    ],
    ['one of several hours', { claim: { ...TWO_DAYS, hours: [SUNDAYS, at(['MO'], '10:00', '10:01')] } }],
    ['Sundays in a month', { claim: { hours: [SUNDAYS] }, use: { hours: [SUNDAYS] } }],
    [
      'a Monday in Shanghai that is a Sunday in UTC',
      {
        claim: {
          from: '2026-11-02T00:00:00+08:00',
          to: '2026-11-02T01:00:00+08:00',
          hours: [at(['MO'], '00:30', '00:31')],
        },
      },
    ],
    [
      'Wednesdays, after a claim on Tuesday',
      { claim: TWO_DAYS, use: { afterClaim: { delay: 'PT0S', length: 'P1D' }, hours: [at(['WE'], '10:00', '12:00')] } },
    ],
    [
      'an hour that the clock skips this week, but not the next',
      {
        timeZone: 'Europe/Berlin',
        valid: { from: '2027-03-28T00:00:00+01:00', to: '2027-04-05T00:00:00+02:00' },
        claim: { hours: [at(['SU'], '02:00', '03:00')] },
      },
    ],
    [
      'an hour that the clock skips in part',
      {
        timeZone: 'Europe/Berlin',
        valid: { from: '2027-03-28T00:00:00+01:00', to: '2027-03-29T00:00:00+02:00' },
        claim: { hours: [at(['SU'], '02:00', '03:01')] },
      },
    ],
    // The clock jumps from 02:00 to 03:00, over the beginning at 02:30.
    [
      'an opening that the clock jumps into',
      {
        timeZone: 'Europe/Berlin',
        valid: { from: '2027-03-28T00:00:00+01:00', to: '2027-03-28T03:10:00+02:00' },
        claim: { hours: [at(['SU'], '02:30', '04:00')] },
      },
    ],
    // 25 October 2026: the hour from 02:00 to 03:00 comes twice, and only the second is inside the window.
    [
      'an hour that comes twice',
      {
        timeZone: 'Europe/Berlin',
        valid: { from: '2026-10-25T02:45:00+02:00', to: '2026-10-25T02:40:00+01:00' },
        claim: { hours: [at(['SU'], '02:00', '02:30')] },
      },
    ],
  ])('%s', (_, windows) => {
    expect(pointers(windows)).toEqual([]);
  });
});
