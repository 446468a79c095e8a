import { describe, expect, it } from '@jest/globals';
import { checksOf } from './checks.ts';

const passed = (check: string) => ({ check, passed: true });

describe('the checks of a decision', () => {
  it('include those that were not reached, in order, after the one that refused', () => {
    const checks = [passed('not-published'), passed('terminated'), { check: 'paused', passed: false, detail: 'why' }];
    expect(checksOf('claim', checks).map(({ check, status }) => `${check} ${status}`)).toEqual([
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

  it('of a granted submission are those that the ledger reports', () => {
    expect(checksOf('rollback', [passed('already-rolled-back')])).toEqual([
      { check: 'already-rolled-back', passed: true, status: 'passed' },
    ]);
  });
});
