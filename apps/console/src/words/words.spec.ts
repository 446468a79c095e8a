import { describe, expect, it } from '@jest/globals';
import { REASONS } from '@vouchers/contracts';
import { en } from './en/index.ts';
import { zhCn } from './zh-cn/index.ts';

const LANGUAGES = [
  ['en', en],
  ['zh-CN', zhCn],
] as const;
const ALL = [...REASONS, 'unreadable'] as const;

/** All texts with their keys. */
function textsIn(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : textsIn(value as object, `${path}${key}.`),
  );
}

const placesIn = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort();

describe.each(LANGUAGES)('in %s', (_, words) => {
  it.each(ALL)('%s has a sentence for staff, another for customers, and a name as a check', (reason) => {
    const [staff, customer] = [words.reasons.staff[reason], words.reasons.customer[reason]];
    expect(staff.length).toBeGreaterThan(1);
    expect(customer.length).toBeGreaterThan(1);
    expect(customer).not.toBe(staff);
    expect(words.reasons.check[reason].length).toBeGreaterThan(1);
  });

  it('the sentences for customers do not reveal a rule', () => {
    for (const text of Object.values(words.reasons.customer))
      expect(text).not.toMatch(/rule|limit|quantity|规则|上限|数量/i);
  });

  it('no text is empty or has an exclamation mark', () => {
    for (const [path, text] of textsIn(words))
      expect([path, text.trim() !== '' && !/[!！]/.test(text)]).toEqual([path, true]);
  });
});

describe('both languages', () => {
  it('have the same keys, with the same placeholders', () => {
    const placesOf = (words: object) =>
      Object.fromEntries(textsIn(words).map(([path, text]) => [path, placesIn(text)]));
    expect(placesOf(zhCn)).toEqual(placesOf(en));
  });
});
