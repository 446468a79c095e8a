// Texts of a part of the console, as an i18next namespace of their own, which is loaded with that part.
import i18next from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T & string];
/** The key of a text: `bar.discard`. A text with a count has its key without `_one` and `_other`. */
export type WordOf<Texts> = Leaves<Texts> extends infer K ? (K extends `${infer Counted}_one` ? Counted : K) : never;
export type WordsOf<Texts> = (word: WordOf<Texts>, values?: Record<string, string | number>) => string;

/** @returns a hook that gives the texts in the current language */
export function wordsOf<Texts extends object>(namespace: string, en: Texts, zhCn: Texts): () => WordsOf<Texts> {
  return function usePartWords() {
    const { i18n } = useTranslation();
    const language = i18n.language;
    return useMemo(() => {
      // Not when this file is loaded, since that may be before i18next is there.
      if (!i18next.hasResourceBundle('en', namespace)) {
        i18next.addResourceBundle('en', namespace, en);
        i18next.addResourceBundle('zh-CN', namespace, zhCn);
      }
      return i18next.getFixedT(language, namespace as never) as unknown as WordsOf<Texts>;
    }, [language]);
  };
}
