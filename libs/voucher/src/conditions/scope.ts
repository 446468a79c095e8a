import type { Facts, Order } from '@vouchers/contracts';
import type { ClaimRecord, VoucherState } from '../state.ts';
import type { Unkept } from './unkept.ts';
import { ClaimSeen, CountersSeen, OrderSeen, PageSeen, userSeen, VoucherSeen } from './seen.ts';

/** The input of an evaluation. A field that the condition's node does not have is absent. */
export interface Occasion {
  voucher: VoucherState;
  at: number;
  userId?: string;
  attributes?: Facts;
  pageSlug?: string;
  order?: Order;
  matchesGoods?: boolean;
  claim?: Pick<ClaimRecord, 'heldAt' | 'uses'>;
}

/** An occasion as CEL variables. Each is made when it is first read. */
export class Scope {
  #occasion: Occasion;
  #attributeNames: readonly string[];
  #made = new Map<string, unknown>();
  /** The marks that the evaluation has read. */
  unkept: Unkept[] | undefined;

  constructor(occasion: Occasion, attributeNames: readonly string[]) {
    this.#occasion = occasion;
    this.#attributeNames = attributeNames;
  }

  #once<T>(name: string, make: () => T): T {
    if (!this.#made.has(name)) this.#made.set(name, make());
    return this.#made.get(name) as T;
  }

  readonly #onUnkept = (mark: Unkept): never => {
    (this.unkept ??= []).push(mark);
    throw new Error(`${mark.name} was not kept`);
  };

  get now(): Date {
    return this.#once('now', () => new Date(this.#occasion.at));
  }
  get voucher(): VoucherSeen {
    return this.#once('voucher', () => new VoucherSeen(this.#occasion.voucher));
  }
  get counters(): CountersSeen {
    return this.#once('counters', () => new CountersSeen(this.#occasion.voucher));
  }
  get user(): Map<string, unknown> | undefined {
    const { userId, attributes } = this.#occasion;
    return this.#once('user', () =>
      userId === undefined ? undefined : userSeen(userId, attributes ?? {}, this.#attributeNames, this.#onUnkept),
    );
  }
  get page(): PageSeen {
    return this.#once('page', () => new PageSeen(this.#occasion.pageSlug ?? ''));
  }
  get order(): OrderSeen | undefined {
    const { order, matchesGoods } = this.#occasion;
    return this.#once('order', () => order && new OrderSeen(order, matchesGoods, this.#onUnkept));
  }
  get claim(): ClaimSeen | undefined {
    const { claim } = this.#occasion;
    return this.#once('claim', () => claim && new ClaimSeen(claim));
  }
}
