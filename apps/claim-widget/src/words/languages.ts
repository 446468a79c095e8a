// The widget's texts in two languages.
import { CHINESE } from './chinese.ts';
import { ENGLISH } from './english.ts';
import type { Language, Words } from './words.ts';

export const WORDS: Readonly<Record<Language, Words>> = { 'zh-CN': CHINESE, en: ENGLISH };
