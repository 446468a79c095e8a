import { describe, expect, it } from '@jest/globals';
import type { PageData, PageModule } from '@vouchers/contracts';
import { moduleText, pageText } from './page-text.ts';

const valid = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
const least: PageModule = {
  voucherId: '01a20000-0000-7000-8000-000000000001',
  version: 1,
  name: '满100减20 "x" \\',
  resourceType: 'coupon',
  state: 'claimable',
  windows: { timeZone: 'UTC', valid, claim: valid, use: valid },
  operations: {},
};
const most: PageModule = {
  ...least,
  benefit: { type: 'gift', sku: 'A', name: '礼' },
  state: 'claimed',
  reason: 'per-user-limit',
  claim: {
    id: 'c',
    voucherId: 'v',
    voucherVersion: 1,
    userId: '"',
    state: 'held',
    uses: 0,
    heldAt: '',
    useFrom: '',
    useUntil: '',
  },
  operations: { claimLabel: '\u2028', popup: { trigger: 'on-load', title: 'T', text: '</script>' } },
};

describe('a page as text', () => {
  it.each<[string, PageData]>([
    ['no module', { slug: 'a', title: '', modules: [], popup: null }],
    ['a module without optional fields', { slug: 'a', title: '"', modules: [least], popup: null }],
    [
      'modules with all fields',
      {
        slug: 'a',
        title: 'é',
        modules: [most, least, most],
        popup: { voucherId: 'v', trigger: 'on-load', title: 'T', text: 'X' },
      },
    ],
    ['unavailable vouchers', { slug: 'a', title: '', modules: [least], popup: null, unavailable: ['v', 'w'] }],
  ])('with %s parses to the same data', (_what, data) => {
    const text = pageText(data, data.modules.map(moduleText), data.popup, data.unavailable);
    expect(JSON.parse(text)).toEqual(data);
  });
});
