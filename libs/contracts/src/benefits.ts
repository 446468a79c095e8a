import type { Benefit } from './schemas/voucher.schema.ts';

/** A benefit that takes an amount off an order. */
export type MoneyBenefit = Extract<Benefit, { type: 'amount-off' | 'percent-off' }>;

export const takesMoneyOff = (benefit: Benefit | undefined): benefit is MoneyBenefit =>
  benefit?.type === 'amount-off' || benefit?.type === 'percent-off';
