// The editor's texts. They are an i18next namespace of their own, which is loaded with the editor.
import i18next from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { en } from './words/english.ts';
import { zhCn } from './words/chinese.ts';

const NAMESPACE = 'editor';
i18next.addResourceBundle('en', NAMESPACE, en);
i18next.addResourceBundle('zh-CN', NAMESPACE, zhCn);

type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T & string];
/** The key of a text: `bar.discard`. A text with a count has its key without `_one` and `_other`. */
export type Word = Leaves<typeof en> extends infer K ? (K extends `${infer Counted}_one` ? Counted : K) : never;
export type Words = (word: Word, values?: Record<string, string | number>) => string;

/** The editor's texts in the current language. */
export function useWords(): Words {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return useMemo(() => i18next.getFixedT(language, NAMESPACE as never) as unknown as Words, [language]);
}
