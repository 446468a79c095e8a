// The body and the answer of a quote.
import { QUOTE_REASONS, REASONS } from '@vouchers/contracts';
import {
  anyOf,
  arrayOf,
  BENEFIT,
  CHECK,
  choice,
  COUNT,
  exact,
  FLAG,
  ID,
  maybe,
  named,
  ORDER_INPUT,
  record,
  text,
  UNAVAILABLE,
  whole,
  type Schema,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { MOST_TOGETHER } from '@vouchers/pricing';
import { CompiledBody } from '@vouchers/service';
import { AS_OF } from '../qualifications/qualified.ts';

const BODY = named(
  'QuoteInput',
  exact(
    record({
      order: ORDER_INPUT,
      claimIds: maybe({
        ...arrayOf(ID, MOST_TOGETHER),
        description: 'price exactly these claims; absent: look for the best set of the live ones',
      }),
    }),
  ),
);
export type QuoteBody = TypeOf<typeof BODY>;
export const quoteBody = new CompiledBody(BODY);

export const MINOR_UNITS = { ...COUNT, description: 'minor units' };
const NOTHING: Schema<null> = { type: 'null' };

const LINE = named(
  'QuotedLine',
  record({
    sku: maybe({ ...text(), description: 'absent on the line of what the order adds to its items' }),
    amount: { ...MINOR_UNITS, description: 'of the whole line, before discounts' },
    discount: MINOR_UNITS,
    by: arrayOf(named('QuotedPart', record({ claimId: ID, amount: MINOR_UNITS }))),
  }),
);
export const PRICED_SET = named(
  'PricedSet',
  record({
    claimIds: { ...arrayOf(ID), description: 'in the order in which they are applied' },
    discount: MINOR_UNITS,
    currency: text(),
    total: { ...MINOR_UNITS, description: "the order's amount less the discount" },
    lines: arrayOf(LINE),
    entitlements: arrayOf(named('Entitlement', record({ claimId: ID, benefit: BENEFIT }))),
  }),
);
export type PricedSet = TypeOf<typeof PRICED_SET>;

export const SHORTFALL = {
  ...record({ amount: whole(1), currency: text() }),
  description: 'how much more the order would need for the claim to be applicable',
};
const INAPPLICABLE = named(
  'InapplicableClaim',
  record({
    claimId: ID,
    voucherId: ID,
    reason: choice(...REASONS, 'unreadable', ...QUOTE_REASONS),
    checks: arrayOf(CHECK),
    shortfall: maybe(SHORTFALL),
  }),
);
/** A live claim that is not in the set. */
export type InapplicableClaim = TypeOf<typeof INAPPLICABLE>;

export const QUOTE = named(
  'Quote',
  record({
    unavailable: maybe(UNAVAILABLE),
    asOf: AS_OF,
    best: {
      ...anyOf(PRICED_SET, NOTHING),
      description: 'null: the claims that were asked for cannot be used together on this order',
    },
    exact: { ...FLAG, description: 'no set is better; false: the search was cut' },
    inapplicable: arrayOf(INAPPLICABLE),
  }),
);
export type Quote = TypeOf<typeof QUOTE>;
/** A quote without the position of its answer. */
export type Quoted = Omit<Quote, 'asOf' | 'unavailable'>;
