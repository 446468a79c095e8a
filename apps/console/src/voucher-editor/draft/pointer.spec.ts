import { describe, expect, it } from '@jest/globals';
import { isWithin, pointerTo, valueAt, withValueAt } from './pointer.ts';

const spec = {
  name: 'a',
  labels: { 'a/b': '1', '~': '2' },
  windows: { valid: { from: 'f', to: 't' } },
  goods: [{ sku: 'x' }],
};

describe('a pointer', () => {
  it.each([
    ['/name', 'a'],
    ['/windows/valid/to', 't'],
    ['/labels/a~1b', '1'],
    ['/labels/~0', '2'],
    ['/goods/0/sku', 'x'],
    ['/goods/1/sku', undefined],
    ['/toString', undefined],
    ['/name/length', undefined],
  ])('%s names %j', (pointer, value) => expect(valueAt(spec, pointer)).toEqual(value));

  it('escapes special characters', () => expect(pointerTo('/labels', '~/')).toBe('/labels/~0~1'));

  it('replaces only what it names', () => {
    const after = withValueAt(spec, '/windows/valid/to', 'u');
    expect(after).toEqual({ ...spec, windows: { valid: { from: 'f', to: 'u' } } });
    expect(after.labels).toBe(spec.labels);
    expect(spec.windows.valid.to).toBe('t');
  });

  it('creates missing fields, and removes a field that becomes undefined', () => {
    expect(withValueAt<object>({}, '/operations/popup/title', 'x')).toEqual({ operations: { popup: { title: 'x' } } });
    expect(withValueAt<object>({ a: 1, b: 2 }, '/a', undefined)).toEqual({ b: 2 });
  });

  it('replaces in a list', () => expect(withValueAt(spec, '/goods/0/sku', 'y').goods).toEqual([{ sku: 'y' }]));

  it.each([
    ['/windows/claim/hours/0/to', '/windows/claim/hours', true],
    ['/windows/claim', '/windows/claim', true],
    ['/windows/claims', '/windows/claim', false],
    ['/windows', '/windows/claim', false],
  ])('%s within %s: %s', (pointer, field, is) => expect(isWithin(pointer, field)).toBe(is));
});
