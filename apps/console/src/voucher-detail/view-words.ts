// The names of views that have texts of their own, which are loaded only with them.
import { wordsOf } from '../words/part-words.ts';

export const en = { whatIf: 'What if' };

export const zhCn: typeof en = { whatIf: '假如' };

export const useViewWords = wordsOf('views', en, zhCn);
