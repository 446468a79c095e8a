import { describe, expect, it } from '@jest/globals';
import { FAULT_SENTENCES, PROBLEM_REASONS, PROOF_SENTENCES, QUOTE_REASONS, REASONS } from '@vouchers/contracts';
import { CUSTOMER_SENTENCES } from '@vouchers/claim-widget/customer-sentences';
import * as proof from '../voucher-detail/proof-sentences.ts';
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

describe.each(LANGUAGES)('in %s', (language, words) => {
  it.each(ALL)('%s has a sentence for staff, another for customers, and a name as a check', (reason) => {
    const [staff, customer] = [words.reasons.staff[reason], CUSTOMER_SENTENCES[language][reason]];
    expect(staff.length).toBeGreaterThan(1);
    expect(customer.length).toBeGreaterThan(1);
    expect(customer).not.toBe(staff);
    expect(words.reasons.check[reason].length).toBeGreaterThan(1);
  });

  it.each(QUOTE_REASONS)('%s has a sentence for staff and another for customers', (reason) => {
    const [staff, customer] = [words.reasons.staff[reason], CUSTOMER_SENTENCES[language][reason]];
    expect(staff.length).toBeGreaterThan(1);
    expect(customer).not.toBe(staff);
  });

  it.each(Object.entries(FAULT_SENTENCES))('the fault %s of a service has a sentence', (code, english) => {
    const sentence: string = words.problems.faults[code as keyof typeof FAULT_SENTENCES];
    expect(placesIn(sentence)).toEqual([...english.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort());
    expect(/\p{Script=Han}/u.test(sentence)).toBe(language === 'zh-CN');
  });

  it.each(Object.entries(PROOF_SENTENCES))('the fault %s of a proof has a sentence', (code, english) => {
    const sentence = (language === 'en' ? proof.en : proof.zhCn).faults[code as keyof typeof PROOF_SENTENCES];
    expect(placesIn(sentence)).toEqual([...english.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort());
    expect(/\p{Script=Han}/u.test(sentence)).toBe(language === 'zh-CN');
  });

  it.each(PROBLEM_REASONS)('the reason %s of a problem has a sentence', (reason) =>
    expect(words.problems.reasons[reason].length).toBeGreaterThan(1),
  );

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
    expect(placesOf(proof.zhCn)).toEqual(placesOf(proof.en));
  });
});
