import type { Check, Reason, SubmissionKind } from '@vouchers/contracts';

export interface CheckShown extends Check {
  status: 'passed' | 'decided' | 'not-reached';
}

const BY_STATE: readonly Reason[] = ['claim-expired', 'claim-released', 'claim-revoked', 'already-redeemed'];

const USE: readonly Reason[] = [
  ...BY_STATE,
  'locked-by-other-order',
  'outside-use-window',
  'order-required',
  'currency-mismatch',
  'no-effect',
  'use-rule',
  'redeem-quantity-reached',
  'budget-reached',
];

/** The order of checks per kind of submission. The ledger reports only the checks up to the one that decided. */
const ORDER: Record<SubmissionKind, readonly Reason[]> = {
  push: [],
  claim: [
    'not-published',
    'terminated',
    'paused',
    'outside-valid-window',
    'not-enabled',
    'outside-claim-window',
    'claim-rule',
    'per-user-limit',
    'sold-out',
  ],
  lock: [...BY_STATE, 'locked-by-other-order', 'outside-use-window'],
  unlock: [...BY_STATE, 'not-locked', 'locked-by-other-order'],
  release: [...BY_STATE, 'locked'],
  revoke: BY_STATE,
  redemption: USE,
  rollback: ['already-rolled-back'],
  join: [
    'not-published',
    'terminated',
    'paused',
    'outside-valid-window',
    'not-enabled',
    'no-waiting-list',
    'outside-claim-window',
    'claim-rule',
    'per-user-limit',
    'already-waiting',
    'units-free',
    'waiting-list-full',
  ],
  leave: ['not-waiting'],
  extension: [...BY_STATE, 'terminated', 'no-extension', 'extension-limit', 'others-wait', 'nothing-to-extend'],
};

/** The checks of a decision. After the one that refused, it adds those that were not reached. */
export function checksOf(kind: SubmissionKind, checks: readonly Check[]): CheckShown[] {
  const reached = checks.map((check): CheckShown => ({ ...check, status: check.passed ? 'passed' : 'decided' }));
  if (checks.every(({ passed }) => passed)) return reached;
  const names = new Set(checks.map(({ check }) => check));
  const rest = ORDER[kind].filter((check) => !names.has(check));
  return [...reached, ...rest.map((check): CheckShown => ({ check, passed: false, status: 'not-reached' }))];
}
