import { expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { NOVEMBER } from '../../testing/story.ts';
import { changedPointers, frozenFaults } from './changes.ts';
import { completeSpec } from './complete.ts';

const spec = (change: Partial<VoucherSpecInput>) => completeSpec({ ...NOVEMBER, ...change });
const windows = (change: Partial<VoucherSpecInput['windows']>) => ({ windows: { ...NOVEMBER.windows, ...change } });

it.each<[string, Partial<VoucherSpecInput>, string[], string[]]>([
  ['nothing', {}, [], []],
  ['the name', { name: 'Other' }, ['/name'], []],
  ['a limit', { nodes: { claim: { perUser: 2 } } }, ['/nodes/claim/perUser'], []],
  ['a label with a slash', { labels: { 'a/b': 'x' } }, ['/labels/a~1b'], []],
  ['the goods', { goods: [{ sku: 'A' }] }, ['/goods'], []],
  ['a benefit', { benefit: { type: 'access', name: 'Lounge' } }, ['/benefit'], []],
  ['the teams that redeem it', { redeemers: ['shop'] }, ['/redeemers'], []],
  ['nothing: every team could place it before', { placements: 'any' }, [], []],
  ['the clock', { clock: 'submissions' }, ['/clock'], ['/clock']],
  ['the zone', windows({ timeZone: 'Europe/Berlin' }), ['/windows/timeZone'], ['/windows/timeZone']],
  [
    'the kind of use window',
    windows({ use: { afterClaim: { delay: 'PT0S', length: 'P1D' } } }),
    ['/windows/use/from', '/windows/use/to', '/windows/use/afterClaim'],
    [],
  ],
])('changing %s', (_, change, pointers, frozen) => {
  expect(changedPointers(spec({}), spec(change))).toEqual(pointers);
  expect(frozenFaults(spec({}), spec(change)).map(({ pointer }) => pointer)).toEqual(frozen);
});

it('a zone’s name in another case is no change, even if release 0.1.0 stored it so', () => {
  const shanghai = spec(windows({ timeZone: 'Asia/Shanghai' }));
  expect(spec(windows({ timeZone: 'asia/shanghai' }))).toEqual(shanghai);
  const kept = { ...shanghai, windows: { ...shanghai.windows, timeZone: 'asia/SHANGHAI' } };
  expect(changedPointers(kept, shanghai)).toEqual([]);
  expect(frozenFaults(kept, shanghai)).toEqual([]);
});
