// The order of the till, and the question to the platform about it.
import type { VoucherSpec } from '@vouchers/contracts';
import type { DryQuoteInput } from '../../api/answers.ts';
import type { ExampleUser } from '../trial/trial-cases.ts';

/** A line of the order as it is edited. The key stays with it. */
export interface TillLine {
  key: number;
  sku: string;
  /** In minor units. */
  amount: number;
}

/** The order as it is edited at the till, with its vouchers. */
export interface TillOrder {
  lines: readonly TillLine[];
  /** The amount beyond the lines, such as shipping, in minor units. */
  rest: number;
  currency: string;
  /** RFC 3339. */
  at: string;
  /** Absent: just before the order. */
  heldAt?: string;
  user: ExampleUser;
  usesDraft: boolean;
  /** Vouchers of the list. */
  voucherIds: readonly string[];
}

/** Changes the order as it is then: a voucher that is searched for may be found after other edits. */
export type TillEdit = (order: TillOrder) => TillOrder;

/** The most vouchers of a dry quote, beside the draft. */
export const MOST_VOUCHERS = 30;
export const MOST_LINES = 20;
/** The id by which the platform names a draft that is not saved. */
export const NO_VOUCHER = '00000000-0000-7000-8000-000000000000';

/** An order with one line per good of the voucher, or one of any goods, at a time at which the voucher can be used. */
export function firstOrder(spec: VoucherSpec, currency: string, user: ExampleUser, now: number): TillOrder {
  const skus = spec.goods.slice(0, 2).map(({ sku }) => sku);
  const lines = (skus.length > 0 ? skus : ['A-1']).map((sku, key) => ({ key, sku, amount: 10_000 }));
  return { lines, rest: 0, currency, at: usableTime(spec, now), user, usesDraft: true, voucherIds: [] };
}

/** Now, if the voucher may be used by then; else the first minute at which it may. */
function usableTime({ windows: { valid, use } }: VoucherSpec, now: number): string {
  const [from, to] = 'from' in use ? [use.from, use.to] : [valid.from, valid.to];
  const [opens, closes] = [Date.parse(from), Date.parse(to)];
  const at = opens > now || closes <= now ? opens : Math.max(opens, Math.floor(now / 60_000) * 60_000);
  return new Date(Number.isNaN(at) ? now : at).toISOString();
}

/** @param voucherId the saved voucher that the spec would change */
export function quoteInput(order: TillOrder, spec: VoucherSpec, voucherId: string | undefined): DryQuoteInput {
  const { lines, rest, currency, at, heldAt, user, usesDraft, voucherIds } = order;
  const items = lines
    .filter(({ sku }) => sku.trim() !== '')
    .map(({ sku, amount }) => ({ sku: sku.trim(), quantity: 1, amount }));
  const amount = lines.reduce((sum, line) => sum + line.amount, rest);
  // The cast is safe: the currency was chosen from the contract's list.
  const asked = { id: 'trial', amount, currency: currency as 'CNY', items };
  return {
    order: asked,
    user: { ...user.attributes, id: user.id },
    voucherIds: [...voucherIds],
    at,
    ...(heldAt !== undefined && { heldAt }),
    // A voucher can be tried before it has a name.
    ...(usesDraft && {
      draft: { spec: spec.name === '' ? { ...spec, name: '-' } : spec, ...(voucherId && { voucherId }) },
    }),
  };
}
