// The editor's texts, which are loaded with the editor.
import { wordsOf, type WordOf, type WordsOf } from '../words/part-words.ts';
import { en } from './words/english.ts';
import { zhCn } from './words/chinese.ts';

export type Word = WordOf<typeof en>;
export type Words = WordsOf<typeof en>;

/** The editor's texts in the current language. */
export const useWords = wordsOf('editor', en, zhCn);
