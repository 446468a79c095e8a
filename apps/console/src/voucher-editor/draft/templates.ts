// Specs to start a new voucher from: six that come with the console, and those that the team saved.
import type { Benefit, VoucherSpec } from '@vouchers/contracts';

export const BUILT_IN = ['welcome', 'threshold', 'birthday', 'interest-free', 'gift', 'access'] as const;
export type BuiltIn = (typeof BUILT_IN)[number];

interface Template {
  resourceType: VoucherSpec['resourceType'];
  benefit: Benefit;
  claim: number | null;
  /** The claim rule and the use rule. */
  rules: { claim?: string; use?: string };
  /** How long it can be used after the claim. */
  usable?: string;
}

const CNY = 'CNY';
const TEMPLATES: Record<BuiltIn, Template> = {
  welcome: {
    resourceType: 'coupon',
    benefit: { type: 'amount-off', amount: 1_000, currency: CNY },
    claim: 1_000,
    rules: {},
    usable: 'P14D',
  },
  threshold: {
    resourceType: 'coupon',
    benefit: { type: 'amount-off', amount: 2_000, currency: CNY },
    claim: 1_000,
    rules: { use: 'order.amount >= 10000' },
  },
  birthday: {
    resourceType: 'coupon',
    benefit: { type: 'percent-off', percent: 20, maxAmount: 5_000, currency: CNY },
    claim: 500,
    rules: { claim: 'user.tier in ["gold", "vip"]' },
    usable: 'P30D',
  },
  'interest-free': {
    resourceType: 'interest-free',
    benefit: { type: 'interest-free', days: 90 },
    claim: 500,
    rules: { use: 'order.amount >= 100000' },
  },
  gift: {
    resourceType: 'gift',
    benefit: { type: 'gift', sku: 'GIFT-1', name: '' },
    claim: 100,
    rules: { use: 'order.amount >= 20000' },
  },
  access: {
    resourceType: 'access',
    benefit: { type: 'access', name: '' },
    claim: 200,
    rules: { claim: 'user.tier in ["gold", "vip"]' },
    usable: 'P30D',
  },
};

/** A new spec as the template has it. @param name of the template, which the voucher gets first */
export function fromTemplate(template: BuiltIn, base: VoucherSpec, name: string): VoucherSpec {
  const { resourceType, benefit, claim, rules, usable } = TEMPLATES[template];
  const named = 'name' in benefit ? { ...benefit, name } : benefit;
  const { nodes, windows, quantities } = base;
  return {
    ...base,
    name,
    resourceType,
    benefit: named,
    quantities: { ...quantities, claim },
    windows: { ...windows, ...(usable && { use: { afterClaim: { delay: 'PT0S', length: usable } } }) },
    nodes: {
      ...nodes,
      claim: { ...nodes.claim, when: rules.claim ?? nodes.claim.when },
      use: { ...nodes.use, when: rules.use ?? nodes.use.when },
    },
  };
}

/** A spec that a team saved as a template. Undefined if what was saved is none. */
export const savedSpec = (value: { spec?: unknown }): VoucherSpec | undefined => {
  const spec = value.spec as VoucherSpec | undefined;
  return spec?.windows && spec.nodes ? spec : undefined;
};
