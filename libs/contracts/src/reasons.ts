/**
 * The reasons of a refusal by the ledger. The first failed check is the reason, and a check has the name of its reason.
 */
export const REASONS = [
  'not-published',
  'not-enabled',
  'paused',
  'terminated',
  'outside-valid-window',
  'outside-claim-window',
  'outside-use-window',
  'claim-rule',
  'use-rule',
  'sold-out',
  'redeem-quantity-reached',
  'per-user-limit',
  'already-redeemed',
  'claim-expired',
  'claim-released',
  'claim-revoked',
  'locked',
  'locked-by-other-order',
  'not-locked',
  'already-rolled-back',
] as const;

/** Reasons why a push was refused. They are only counted. */
export type PushReason =
  'not-published' | 'terminated' | 'paused' | 'outside-valid-window' | 'not-enabled' | 'push-quantity-reached';
