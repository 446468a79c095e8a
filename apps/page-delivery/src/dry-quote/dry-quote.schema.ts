// The answer of a dry quote: a quote whose claims are named by their vouchers, since nobody has claimed them.
import { QUOTE_REASONS, REASONS } from '@vouchers/contracts';
import {
  arrayOf,
  BENEFIT,
  CHECK,
  choice,
  FLAG,
  ID,
  maybe,
  named,
  record,
  text,
  TIME,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { MINOR_UNITS, SHORTFALL } from '../quotes/quote.schema.ts';

const VOUCHER = { ...ID, description: '00000000-0000-7000-8000-000000000000 for a draft that is not saved' };
const LINE = named(
  'DryQuotedLine',
  record({
    sku: maybe({ ...text(), description: 'absent on the line of what the order adds to its items' }),
    amount: { ...MINOR_UNITS, description: 'of the whole line, before discounts' },
    discount: MINOR_UNITS,
    by: arrayOf(named('DryQuotedPart', record({ voucherId: VOUCHER, amount: MINOR_UNITS }))),
  }),
);
const SET = named(
  'DryPricedSet',
  record({
    voucherIds: { ...arrayOf(VOUCHER), description: 'in the order in which they are applied' },
    discount: MINOR_UNITS,
    currency: text(),
    total: { ...MINOR_UNITS, description: "the order's amount less the discount" },
    lines: arrayOf(LINE),
    entitlements: arrayOf(named('DryEntitlement', record({ voucherId: VOUCHER, benefit: BENEFIT }))),
  }),
);
const INAPPLICABLE = named(
  'InapplicableVoucher',
  record({
    voucherId: VOUCHER,
    reason: choice(...REASONS, 'unreadable', ...QUOTE_REASONS),
    checks: arrayOf(CHECK),
    shortfall: maybe(SHORTFALL),
  }),
);

export const DRY_QUOTE = named(
  'DryQuote',
  record({
    at: { ...TIME, description: 'the time of the use' },
    best: SET,
    exact: { ...FLAG, description: 'no set is better; false: the search was cut' },
    inapplicable: arrayOf(INAPPLICABLE),
  }),
);
export type DryQuote = TypeOf<typeof DRY_QUOTE>;
