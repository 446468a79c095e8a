import { expect, it } from '@jest/globals';
import { enclosing, fieldId } from './field-focus.ts';

it('a pointer leads to its field, or to one that encloses it', () => {
  expect(enclosing('/windows/claim/hours/0/to')).toEqual([
    '/windows/claim/hours/0/to',
    '/windows/claim/hours/0',
    '/windows/claim/hours',
    '/windows/claim',
    '/windows',
  ]);
  expect(enclosing('')).toEqual([]);
  expect(fieldId('/windows/valid/to')).toBe('field-windows-valid-to');
});
