import { useWords, type Word, type Words } from '../editor-words.ts';
import { en } from '../words/english.ts';
import { enclosing } from './field-focus.ts';

/** The name of a field for people: the name of its pointer, or of the nearest enclosing one. */
export function fieldName(pointer: string, words: Words): string {
  const [, label] = /^\/labels\/(.+)$/.exec(pointer) ?? [];
  if (label) return words('labels.one', { key: label });
  const named = enclosing(pointer).find((candidate) => Object.hasOwn(en.fields, candidate));
  return named ? words(`fields.${named}` as Word) : pointer || words('review.whole');
}

/** `fieldName` in the current language. */
export function useFieldName(): (pointer: string) => string {
  const words = useWords();
  return (pointer) => fieldName(pointer, words);
}
