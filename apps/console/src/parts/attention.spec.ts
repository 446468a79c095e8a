import { expect, it } from '@jest/globals';
import type { CounterValues, Voucher } from '@vouchers/contracts';
import { attentionOf } from './attention.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');
const voucher = (change: object = {}): Voucher =>
  ({
    state: 'enabled',
    clock: 'wall',
    quantities: { claim: 100 },
    windows: { claim: { to: '2026-12-31T00:00:00Z' } },
    ...change,
  }) as Voucher;
const free = (count: number | null): CounterValues => ({ free: count }) as CounterValues;

it.each<[string, Voucher, CounterValues | undefined, string[]]>([
  ['plenty', voucher(), free(10), []],
  ['nothing known', voucher(), undefined, []],
  ['nothing free', voucher(), free(0), ['sold-out']],
  ['less than a tenth', voucher(), free(9), ['low-stock']],
  ['unlimited', voucher({ quantities: { claim: null } }), free(null), []],
  ['two days left', voucher({ windows: { claim: { to: '2026-12-02T00:00:00Z' } } }), free(50), ['ends-soon']],
  ['over', voucher({ windows: { claim: { to: '2026-11-30T00:00:00Z' } } }), free(50), []],
  ['a draft', voucher({ state: 'draft' }), free(0), []],
  ['a terminated one', voucher({ state: 'terminated' }), free(0), []],
])('%s', (_, of, counters, expected) => expect(attentionOf(of, counters, NOW)).toEqual(expected));
