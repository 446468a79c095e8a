import { QUOTE_REASONS, REASONS } from '@vouchers/contracts';
import { describe, expect, it } from '@jest/globals';
import { WIDGET_REASONS } from './widget-reasons.ts';
import { CUSTOMER_SENTENCES } from './customer-sentences.ts';
import { WORDS } from './languages.ts';
import { languageOf, LANGUAGES, type Language } from './words.ts';

const isChinese = (text: string) => /\p{Script=Han}/u.test(text);

describe.each(LANGUAGES)('in %s', (language) => {
  const other = LANGUAGES.find((one) => one !== language)!;

  it('there is a sentence for every reason', () => {
    const sentences = CUSTOMER_SENTENCES[language];
    expect(Object.keys(sentences).sort()).toEqual([...REASONS, ...QUOTE_REASONS, 'unreadable'].sort());
    for (const sentence of Object.values(sentences)) expect(sentence).toMatch(/\S/);
  });

  it('a sentence reveals neither the rule nor its name', () => {
    for (const sentence of Object.values(CUSTOMER_SENTENCES[language]))
      expect(sentence).not.toMatch(/rule|limit|tier|规则|[a-z]+-[a-z]+/);
    expect(WIDGET_REASONS[language]['claim-rule']).toBe(
      { 'zh-CN': '暂不符合领取条件', en: 'You can’t claim this one' }[language],
    );
  });

  it('all texts are in that language, without exclamation marks', () => {
    const all = flat(WORDS[language]).concat(Object.values(CUSTOMER_SENTENCES[language]));
    expect(all.filter((text) => isChinese(text) !== (language === 'zh-CN'))).toEqual([]);
    expect(all.filter((text) => /[!！]/.test(text))).toEqual([]);
  });

  it('the texts have the same names as in the other language', () => {
    expect(names(language)).toEqual(names(other));
  });
});

it.each<[string, Language]>([
  ['zh', 'zh-CN'],
  ['zh-Hans-CN', 'zh-CN'],
  ['ZH-TW', 'zh-CN'],
  ['en-GB', 'en'],
  ['de', 'en'],
  ['zha', 'en'],
  ['', 'en'],
])('%j is answered in %s', (tag, language) => expect(languageOf(tag)).toBe(language));

const names = (language: Language) => Object.keys(WORDS[language]).sort();

const GOODS = { count: 12, names: ['10'] };

/** All texts; functions are called with a number, or with goods. */
function flat(words: object): string[] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function')
      return [[(value as (of: unknown) => unknown)(name === 'goods' ? GOODS : 10)].flat().join(' ')];
    return flat(value as object);
  });
}
