import { expect, it } from '@jest/globals';
import { stateAt } from './voucher-at.ts';

it.each([
  ['draft', false, false, 'draft'],
  ['published', false, false, 'published'],
  ['published', true, false, 'enabled'],
  ['paused', true, false, 'paused'],
  ['published', true, true, 'terminated'],
  ['terminated', true, true, 'terminated'],
] as const)('%s, enabled %s, terminated %s was %s', (intent, enabled, terminated, state) =>
  expect(stateAt(intent, enabled, terminated)).toBe(state),
);
