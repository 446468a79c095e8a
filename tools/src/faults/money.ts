// The auditor's own count of the uses and the money of a voucher: taken off, and reserved by order calls.
import type { Definition } from '@vouchers/contracts';
import type { LedgerEvent } from './evidence.ts';

type Reservation = NonNullable<LedgerEvent['data']['reservation']>;

export class Money {
  /** By claim. */
  readonly #reservations = new Map<string, Reservation>();
  readonly #discounted = new Map<string, number>();
  #redeemed = 0;

  /** Applies the next event of the voucher. @returns the rules that it breaks */
  take({ type, data: { reason, claim, redemption, reservation } }: LedgerEvent, spec: Definition['spec']): string[] {
    if (reason !== undefined || !claim) return [];
    const wasReserved = this.#reservations.has(claim.id);
    if (reservation) this.#reservations.set(claim.id, reservation);
    else this.#reservations.delete(claim.id);
    const isRedeemed = type === 'voucher.redeemed.v1';
    if (isRedeemed) this.#count(redemption, 1);
    if (type === 'voucher.redemption-rolled-back.v1') this.#count(redemption, -1);
    // A use that was reserved is granted whatever has changed.
    return !wasReserved && (isRedeemed || reservation) ? this.#excess(spec) : [];
  }

  projection(): Record<string, unknown> {
    const money = (sums: ReadonlyMap<string, number>): object =>
      Object.fromEntries([...sums].filter(([, amount]) => amount !== 0));
    return {
      discounted: money(this.#discounted),
      reserved: { uses: this.#reservations.size, discount: money(this.#reserved()) },
    };
  }

  #reserved(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { discount } of this.#reservations.values())
      if (discount) sums.set(discount.currency, (sums.get(discount.currency) ?? 0) + discount.amount);
    return sums;
  }

  #count(redemption: LedgerEvent['data']['redemption'], times: 1 | -1): void {
    this.#redeemed += times;
    const { discount } = redemption!;
    if (!discount) return;
    const { amount, currency } = discount;
    this.#discounted.set(currency, (this.#discounted.get(currency) ?? 0) + times * amount);
  }

  #excess({ quantities: { budget, redeem } }: Definition['spec']): string[] {
    const faults: string[] = [];
    const uses = this.#redeemed + this.#reservations.size;
    if (redeem !== null && uses > redeem) faults.push(`${uses} of ${redeem} uses were given`);
    if (!budget) return faults;
    const { amount, currency } = budget;
    const spent = (this.#discounted.get(currency) ?? 0) + (this.#reserved().get(currency) ?? 0);
    return spent > amount ? [...faults, `${spent} of a budget of ${amount} ${currency} were given`] : faults;
  }
}
