import { describe, expect, it } from '@jest/globals';
import { checksOf } from './checks.ts';

const passed = (check: string) => ({ check, passed: true });

describe('the checks of a decision', () => {
  it('after the one that refused come those that were not reached, in order', () => {
    const checks = [passed('not-published'), passed('terminated'), { check: 'paused', passed: false, detail: 'why' }];
    expect(checksOf('claim', checks).map(({ check, stands }) => `${check} ${stands}`)).toEqual([
      'not-published passed',
      'terminated passed',
      'paused decided',
      'outside-valid-window not-reached',
      'not-enabled not-reached',
      'outside-claim-window not-reached',
      'claim-rule not-reached',
      'per-user-limit not-reached',
      'sold-out not-reached',
    ]);
  });

  it('of a granted one are all that were made', () => {
    expect(checksOf('rollback', [passed('already-rolled-back')])).toEqual([
      { check: 'already-rolled-back', passed: true, stands: 'passed' },
    ]);
  });
});
