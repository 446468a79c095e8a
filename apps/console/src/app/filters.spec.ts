import { describe, expect, it } from '@jest/globals';
import {
  detailFilters,
  eventsFilters,
  isLabel,
  listFilters,
  parametersIn,
  parametersTo,
  versionsFilters,
  withoutGaps,
} from './filters.ts';

describe('the address of the list', () => {
  it.each<[string, object]>([
    ['', {}],
    ['?state=enabled', { state: 'enabled' }],
    ['?state=none', {}],
    ['?label=campaign:26', { label: 'campaign:26' }],
    ['?label=campaign', {}],
    ['?label=UPPER:1', {}],
    ['?search=%E6%BB%A1100', { search: '满100' }],
    ['?search=123', { search: '123' }],
    ['?search=', {}],
    [
      '?attention=sold-out&sort=ends&type=gift&time=open',
      { attention: 'sold-out', sort: 'ends', type: 'gift', time: 'open' },
    ],
    ['?attention=x&sort=newest&type=x&time=x', {}],
    ['?state=paused&label=a:b%26c&search=x&other=1', { state: 'paused', label: 'a:b&c', search: 'x' }],
  ])('%s is read', (address, filters) => {
    expect(listFilters(parametersIn(address))).toEqual(filters);
  });

  it.each([{ state: 'enabled' as const, label: 'a-1:x y&z=1%', search: '<b> "満" 123' }, {}])(
    '%j comes back as it was written',
    (filters) => {
      expect(listFilters(parametersIn(parametersTo(filters)))).toEqual(filters);
    },
  );

  it('has parameters that people can read', () => {
    expect(parametersTo({ label: 'campaign:26', state: undefined, search: 'x' })).toBe('?label=campaign:26&search=x');
    expect(parametersTo({})).toBe('');
  });
});

describe('moments and numbers in addresses', () => {
  it.each<[unknown, string | undefined]>([
    ['2026-11-30T10:32:05+08:00', '2026-11-30T02:32:05.000Z'],
    ['2026-11-30', '2026-11-30T00:00:00.000Z'],
    ['yesterday', undefined],
    ['', undefined],
    [5, undefined],
  ])('at=%s', (at, expected) => {
    expect(detailFilters({ at }).at).toBe(expected);
    expect(eventsFilters({ from: at }).from).toBe(expected);
  });

  it.each<[unknown, number | undefined]>([
    ['7', 7],
    ['0', undefined],
    ['1e3', undefined],
    ['-1', undefined],
    ['1234567890', undefined],
  ])('from=%s', (from, expected) => {
    expect(versionsFilters({ from }).from).toBe(expected);
  });
});

it('a label is key:value, the key in lower case', () => {
  expect(['a:b', 'a-1:', 'a:b:c'].every(isLabel)).toBe(true);
  expect(['a', ':b', 'A:b', `${'k'.repeat(64)}:v`, `k:${'v'.repeat(201)}`].some(isLabel)).toBe(false);
});

it('empty filters are left out', () => {
  expect(withoutGaps({ a: undefined, b: '', c: 0, d: 'x' })).toEqual({ c: 0, d: 'x' });
});
