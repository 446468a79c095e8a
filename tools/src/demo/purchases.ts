// The purchases of the households on the days on which they used coupons: one order per household and day.
import type { Order } from '@vouchers/contracts';
import type { CouponUse, Journey } from './journey.ts';
import { eachRow } from './rows.ts';

/** A line of a basket. Amounts in cents. */
export interface BasketLine {
  product: string;
  quantity: number;
  /** The price of the whole line before coupons. */
  amount: number;
  /** The discount that the coupons of makers and of the shop took off it. */
  couponDiscount: number;
}

/** One order of a household, with each use of a coupon on that day. */
export interface Purchase {
  userId: string;
  at: string;
  order: Order;
  uses: CouponUse[];
}

const BASKETS = 'baskets.csv';
type Column = 'household_id' | 'day' | 'product_id' | 'quantity' | 'sales_value' | 'coupon_disc' | 'coupon_match_disc';

/** Reads the lines of all baskets, by household and day as `orderIdOf` names them. */
export function readBaskets(folder: string): Map<string, BasketLine[]> {
  const baskets = new Map<string, BasketLine[]>();
  eachRow<Column>(folder, BASKETS, (row) => {
    const id = orderIdOf(`household-${row.household_id}`, row.day);
    if (!baskets.has(id)) baskets.set(id, []);
    // The shop's own part of a coupon is not in `sales_value`, the maker's part is.
    const match = cents(row.coupon_match_disc);
    baskets.get(id)!.push({
      product: row.product_id,
      quantity: Number(row.quantity),
      amount: cents(row.sales_value) + match,
      couponDiscount: cents(row.coupon_disc) + match,
    });
  });
  return baskets;
}

/** The order of each household and day with uses, in order of time. Throws if a household has no basket on that day. */
export function purchasesOf({ uses }: Pick<Journey, 'uses'>, baskets: ReadonlyMap<string, BasketLine[]>): Purchase[] {
  const purchases = new Map<string, Purchase>();
  for (const use of uses) {
    const { userId, at } = use;
    const id = orderIdOf(userId, at.slice(0, 10));
    let purchase = purchases.get(id);
    if (!purchase) purchases.set(id, (purchase = { userId, at, order: orderOf(id, baskets.get(id)), uses: [] }));
    purchase.uses.push(use);
  }
  return [...purchases.values()];
}

const orderIdOf = (userId: string, day: string): string => `${userId}-${day}`;
const cents = (dollars: string): number => Math.round(Number(dollars) * 100);

/** Lines without a price are left out: the study has one for each coupon of a line that is not priced by itself. */
function orderOf(id: string, lines: readonly BasketLine[] | undefined): Order {
  if (!lines) throw new Error(`${BASKETS} has no basket of ${id}`);
  const items = lines
    .filter(({ amount }) => amount > 0)
    .map(({ product, quantity, amount }) => ({ sku: product, quantity: Math.max(1, quantity), amount }));
  return { id, amount: items.reduce((sum, { amount }) => sum + amount, 0), currency: 'USD', items };
}
