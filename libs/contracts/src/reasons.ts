/** The reasons of 0.1.0. The types of events that it knew have no others, so that its readers understand them. */
export const FIRST_REASONS = [
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

/** The checks of what a benefit takes off. Only a redemption or a lock that brings a discount, or must, can fail them. */
export const CHECKOUT_REASONS = ['order-required', 'currency-mismatch', 'no-effect', 'budget-reached'] as const;

/**
 * The reasons of a refusal by the ledger. The first failed check is the reason, and a check has the name of its reason.
 */
export const REASONS = [
  ...FIRST_REASONS,
  'no-waiting-list',
  'already-waiting',
  'units-free',
  'waiting-list-full',
  'not-waiting',
  'no-extension',
  'extension-limit',
  'others-wait',
  'nothing-to-extend',
  ...CHECKOUT_REASONS,
] as const;

/** Reasons why a push was refused. They are only counted. */
export type PushReason =
  'not-published' | 'terminated' | 'paused' | 'outside-valid-window' | 'not-enabled' | 'push-quantity-reached';

/** Reasons that no check gives: they compare a claim with the others of an order. */
export const QUOTE_REASONS = ['not-combinable', 'not-better'] as const;
export type QuoteReason = (typeof QUOTE_REASONS)[number];

/** Reasons in problem details: those of the ledger, and those of calls that do not reach it. */
export const PROBLEM_REASONS = [
  ...REASONS,
  'unreadable',
  'unknown-voucher',
  'not-draft',
  'not-paused',
  'frozen',
  'quota',
  'too-costly',
  'parked',
  'other-team',
  'not-combinable',
  'order-changed',
] as const;
export type ProblemReason = (typeof PROBLEM_REASONS)[number];
