import { expect, it } from '@jest/globals';
import { countdownText, momentText } from './moment.ts';
import type { Language } from './words.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

it.each<[string, string, Language, boolean, RegExp]>([
  ['2026-12-01T00:00:00Z', 'UTC', 'en', true, /^30 Nov$/],
  ['2026-12-01T00:01:00Z', 'UTC', 'en', true, /^1 Dec, 00:01$/],
  ['2026-12-01T00:00:00Z', 'UTC', 'en', false, /^1 Dec, 00:00$/],
  ['2026-12-01T00:00:00Z', 'UTC', 'zh-CN', true, /^11月30日$/],
  ['2026-12-01T02:30:00Z', 'UTC', 'zh-CN', true, /^12月1日 02:30$/],
  ['2027-01-01T00:00:00Z', 'UTC', 'en', true, /^31 Dec$/],
  ['2027-01-01T00:01:00Z', 'UTC', 'en', true, /^1 Jan 2027, 00:01$/],
  ['2026-11-30T16:00:00Z', 'Asia/Shanghai', 'zh-CN', true, /^11月30日 ?GMT\+8$/],
  ['2026-11-30T16:00:00Z', 'Mars/Olympus', 'en', false, /^30 Nov, 16:00$/],
])('%s in %s, %s, end %s', (time, zone, language, isEnd, expected) => {
  expect(HERE).toBe('UTC'); // the viewer's clock, which these rows are about
  expect(momentText(Date.parse(time), zone, language, NOW, isEnd)).toMatch(expected);
});

it.each([
  [1, '0:01'],
  [1_000, '0:01'],
  [59_001, '1:00'],
  [3_599_000, '59:59'],
  [3_600_000, '1:00:00'],
  [7_425_000, '2:03:45'],
])('%d ms are %s', (ms, text) => expect(countdownText(ms)).toBe(text));
