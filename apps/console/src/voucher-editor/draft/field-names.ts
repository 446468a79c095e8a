import { useWords, type Word, type Words } from '../editor-words.ts';
import { en } from '../words/english.ts';
import { enclosing } from './field-focus.ts';

/** A field as people call it: the nearest name that its pointer has. */
export function fieldName(pointer: string, words: Words): string {
  const [, label] = /^\/labels\/(.+)$/.exec(pointer) ?? [];
  if (label) return words('labels.one', { key: label });
  const named = enclosing(pointer).find((candidate) => Object.hasOwn(en.fields, candidate));
  return named ? words(`fields.${named}` as Word) : pointer || words('review.whole');
}

/** The name of the field of a pointer, in the language in use. */
export function useFieldName(): (pointer: string) => string {
  const words = useWords();
  return (pointer) => fieldName(pointer, words);
}
