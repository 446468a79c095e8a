import { expect, it } from '@jest/globals';
import { newSpec } from './new-spec.ts';

it.each([
  ['2026-11-23T15:59:00Z', '2026-11-23T16:00:00.000Z'],
  ['2026-11-23T16:00:00Z', '2026-11-24T16:00:00.000Z'],
  ['2026-11-23T03:00:00Z', '2026-11-23T16:00:00.000Z'],
])('a voucher that is begun at %s is valid from the next midnight of its zone, %s', (now, from) => {
  const { windows } = newSpec(now, 'Asia/Shanghai');
  expect(windows.valid.from).toBe(from);
  expect(windows.claim).toEqual(windows.valid);
  expect(windows.use).toEqual(windows.valid);
});
