import { describe, expect, it } from '@jest/globals';
import { SPEC_DEFAULTS, type VoucherSpec } from '@vouchers/contracts';
import type { TFunction } from 'i18next';
import { en } from '../words/english.ts';
import { zhCn } from '../words/chinese.ts';
import type { Words } from '../editor-words.ts';
import { summaryOf, warningsOf } from './summary.ts';

const CLAIM = { from: '2026-11-09T16:00:00Z', to: '2027-01-09T16:00:00Z' };
const spec = {
  ...structuredClone(SPEC_DEFAULTS),
  name: 'Gold',
  resourceType: 'coupon',
  benefit: { type: 'amount-off', amount: 2_000, currency: 'CNY' },
  quantities: { push: null, claim: 1_000, redeem: null },
  windows: { timeZone: 'Asia/Shanghai', valid: CLAIM, claim: CLAIM, use: CLAIM },
  nodes: { ...SPEC_DEFAULTS.nodes, claim: { when: 'user.tier in ["gold", "vip"]', perUser: 1 } },
} as unknown as VoucherSpec;

const texts =
  (language: object): Words =>
  (word, values = {}) => {
    const text = word.split('.').reduce((part, key) => (part as Record<string, object>)[key]!, language);
    return String(text).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  };
const t = ((key: string, { amount }: { amount?: string } = {}) =>
  key === 'terms.benefit.amountOff' ? `${amount} off` : key) as unknown as TFunction;

describe('the sentence of the review', () => {
  it('says what, to whom, when and how many each', () =>
    expect(summaryOf(spec, 'en', texts(en), t)).toBe(
      '1,000 units of CN¥20 off, for gold and vip, 10 Nov 2026 to 9 Jan 2027, one each.',
    ));

  it('in Chinese, too', () =>
    expect(summaryOf(spec, 'zh-CN', texts(zhCn), t)).toMatch(
      /^1,000 份.*gold和vip.*2026年11月10日.*2027年1月9日.*每人 1 份/,
    ));

  it('says that there is no limit, and that everyone may claim', () => {
    const open = { ...spec, quantities: { ...spec.quantities, claim: null }, nodes: { ...SPEC_DEFAULTS.nodes } };
    expect(summaryOf(open as VoucherSpec, 'en', texts(en), t)).toMatch(/^Any number of CN¥20 off, for everyone/);
  });
});

it.each<[object, string[]]>([
  [{}, []],
  [{ quantities: { push: null, claim: null, redeem: null } }, ['unlimited']],
  [{ nodes: { ...SPEC_DEFAULTS.nodes, claim: { when: 'true', perUser: 1 } } }, ['everyone']],
  [{ benefit: undefined }, ['no-benefit']],
  [{ name: 'Gold (copy)' }, ['copy']],
  [{ name: 'Gold（副本）' }, ['copy']],
  [{ nodes: { ...spec.nodes, claim: { ...spec.nodes.claim, perUser: null } } }, ['many-each']],
])('with %j it warns of %j', (change, warnings) =>
  expect(warningsOf({ ...spec, ...change } as VoucherSpec, Date.parse('2026-11-30T00:00:00Z'))).toEqual(warnings),
);

it('a claim window that is over is warned of', () => expect(warningsOf(spec, Date.parse(CLAIM.to))).toEqual(['over']));
