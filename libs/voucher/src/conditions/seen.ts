// The values that a condition reads, in CEL's types: whole JSON numbers are ints (bigint), other numbers are doubles.
import type { FactValue, Facts, Order, OrderItem } from '@vouchers/contracts';
import { countersOf } from '../counters.ts';
import { currencyOf } from '../amounts.ts';
import type { ClaimRecord, VoucherState } from '../state.ts';
import { type OnUnkept, Unkept } from './unkept.ts';

/** The most elements of a list in an attribute, and the deepest nesting. */
const LONGEST_LIST = 100;
const DEEPEST = 16;
/** The most items of an order. */
const MOST_ITEMS = 500;

/** Replaces a list that is too long. CEL does not know this type, so reading it is an evaluation error. */
class TooMuch {}

type Seen = string | number | bigint | boolean | null | Seen[] | Map<string, Seen> | TooMuch;

function int(value: number): bigint | number {
  return Number.isSafeInteger(value) ? BigInt(value) : value;
}

function seen(value: FactValue | undefined, depth = 0): Seen {
  if (typeof value === 'number') return int(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth >= DEEPEST) return new TooMuch();
  if (Array.isArray(value)) {
    return value.length > LONGEST_LIST ? new TooMuch() : value.map((one) => seen(one, depth + 1));
  }
  return new Map(Object.keys(value).map((key) => [key, seen(value[key], depth + 1)]));
}

/** The named attributes of a user. An attribute called `id` does not replace the user's id. */
export function userSeen(
  id: string,
  attributes: Facts,
  names: readonly string[],
  onUnkept: OnUnkept,
): Map<string, Seen> {
  const user = new Map<string, Seen>();
  const unkept = new Map<string, Unkept>();
  for (const name of names) {
    if (!Object.hasOwn(attributes, name)) continue;
    const value: unknown = attributes[name];
    if (value instanceof Unkept) unkept.set(name, value);
    else user.set(name, seen(attributes[name]));
  }
  // CEL knows a map by its constructor, so this is no subclass.
  if (unkept.size > 0)
    user.get = (name) => (unkept.has(name) ? onUnkept(unkept.get(name)!) : Map.prototype.get.call(user, name));
  return user.set('id', id);
}

export class VoucherSeen {
  id: string;
  version: bigint | number;
  name: string;
  resourceType: string;
  labels: Map<string, string>;
  constructor({ voucherId, definition: { version, spec } }: VoucherState) {
    this.id = voucherId;
    this.version = int(version);
    this.name = spec.name;
    this.resourceType = spec.resourceType;
    this.labels = new Map(Object.entries(spec.labels));
  }
}

export class CountersSeen {
  [counter: string]: Seen;
  constructor(voucher: VoucherState) {
    const { refused, reserved: _, discounted, ...counts } = countersOf(voucher);
    for (const [counter, count] of Object.entries(counts)) this[counter] = seen(count);
    // The voucher's own currency is there from the start, because a missing key makes a condition false.
    const currency = currencyOf(voucher.definition.spec);
    this.discounted = seen(currency === undefined ? discounted : { [currency]: 0, ...discounted });
    this.refused = new Map(Object.entries(refused).map(([kind, reasons]) => [kind, seen(reasons)]));
  }
}

export class PageSeen {
  slug: string;
  constructor(slug: string) {
    this.slug = slug;
  }
}

export class ItemSeen {
  sku: string;
  quantity: bigint | number;
  amount: bigint | number;
  constructor({ sku, quantity, amount }: OrderItem) {
    this.sku = sku;
    this.quantity = int(quantity);
    this.amount = int(amount);
  }
}

export class OrderSeen {
  id: string;
  amount: bigint | number;
  currency: string;
  items?: ItemSeen[] | TooMuch;
  matchesGoods?: boolean;
  constructor({ id, amount, currency, items }: Order, matchesGoods: boolean | undefined, onUnkept: OnUnkept) {
    this.id = id;
    this.amount = int(amount);
    this.currency = currency;
    if (items) this.items = items.length > MOST_ITEMS ? new TooMuch() : items.map((item) => new ItemSeen(item));
    const mark: unknown = matchesGoods;
    if (mark instanceof Unkept) Object.defineProperty(this, 'matchesGoods', { get: () => onUnkept(mark) });
    else if (matchesGoods !== undefined) this.matchesGoods = matchesGoods;
  }
}

export class ClaimSeen {
  heldAt: Date;
  uses: bigint | number;
  constructor({ heldAt, uses }: Pick<ClaimRecord, 'heldAt' | 'uses'>) {
    this.heldAt = new Date(heldAt);
    this.uses = int(uses);
  }
}
