// The auditor's own count of a voucher's units. It uses only the events, and none of the platform's code.
import { VERDICTS, type Claim, type ClaimState, type Definition } from '@vouchers/contracts';
import type { LedgerEvent } from './evidence.ts';
import { Line } from './line.ts';
import { Money } from './money.ts';

const KEEPS_UNIT = new Set<ClaimState>(['held', 'locked', 'redeemed']);
/** The counts of one voucher. */
export class Units {
  readonly #claims = new Map<string, { state: ClaimState; userId: string }>();
  readonly #inState: Record<ClaimState, number> = {
    held: 0,
    locked: 0,
    redeemed: 0,
    expired: 0,
    released: 0,
    revoked: 0,
  };
  /** Claims per user that count against the limit. */
  readonly #ofUser = new Map<string, number>();
  readonly #refused: Record<string, Record<string, number>> = {};
  readonly #line = new Line();
  readonly #money = new Money();
  /** How events broke the rule of the waiting list. */
  readonly passedOver: string[] = [];
  #retired = 0;
  #pushed = 0;
  #redeemed = 0;
  #rolledBack = 0;
  #spec: Definition['spec'] | undefined;
  #terminated = false;

  /** Applies the next event. @returns the rules that it breaks */
  take(event: LedgerEvent): string[] {
    const { type, data } = event;
    const { definition, claim, reason } = data;
    const offeredBefore = this.#line.offered;
    this.passedOver.push(...this.#line.take(event));
    // Later definitions of a terminated voucher change nothing.
    if (definition && !this.#terminated) this.#spec = definition.spec;
    if (type === 'voucher.terminated.v1' || definition?.intent === 'terminated') this.#terminated = true;
    if (reason !== undefined) {
      const reasons = (this.#refused[VERDICTS.get(type)!.kind] ??= {});
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      return [];
    }
    if (type === 'voucher.pushed.v1') this.#pushed += 1;
    if (type === 'voucher.redeemed.v1') this.#redeemed += 1;
    if (type === 'voucher.redemption-rolled-back.v1') {
      this.#redeemed -= 1;
      this.#rolledBack += 1;
    }
    // A claim from an offer takes the unit that was set aside.
    const isSetAside = type === 'voucher.claimed.v1' && this.#line.offered < offeredBefore;
    if (!claim) return this.#excess(type);
    const overspent = this.#money.take(event, this.#spec!);
    return [...overspent, ...this.#move(event, claim, isSetAside)];
  }

  /** Units that are not free. */
  get out(): number {
    const { held, locked, redeemed } = this.#inState;
    return this.#retired + held + locked + redeemed + this.#line.offered;
  }

  #excess(type: string): string[] {
    const quantity = this.#spec?.quantities.claim ?? null;
    const isExcess = type === 'voucher.offered.v1' && quantity !== null && this.out > quantity;
    return isExcess ? [`a unit was offered with ${this.out} of ${quantity} units out`] : [];
  }

  /** The row that the ledger's projection should have. */
  projection(): Record<string, unknown> {
    const { redeemed: used, ...inState } = this.#inState;
    const quantity = this.#spec?.quantities.claim ?? null;
    return {
      ...inState,
      used,
      pushed: this.#pushed,
      claimed: this.#claims.size,
      redeemed: this.#redeemed,
      rolledBack: this.#rolledBack,
      retired: this.#retired,
      ...this.#line.projection(),
      ...this.#money.projection(),
      refused: this.#refused,
      // If more units are out than the newest version has, none is free.
      free: quantity === null ? null : Math.max(0, quantity - this.out),
    };
  }

  #move({ type, data: { before: stated, hold } }: LedgerEvent, { id, userId, state }: Claim, isSetAside: boolean) {
    const faults: string[] = [];
    const before = this.#claims.get(id)?.state;
    if (type === 'voucher.claimed.v1') {
      const [quantity, perUser] = [this.#spec?.quantities.claim ?? null, this.#spec?.nodes.claim.perUser ?? null];
      if (before) faults.push(`claim ${id} was granted twice`);
      if (quantity !== null && !isSetAside && this.out >= quantity)
        faults.push(`claim ${id} was granted with ${this.out} of ${quantity} units out`);
      if (perUser !== null && this.#claimsOf(userId) >= perUser)
        faults.push(`${userId} has more than ${perUser} claims`);
      this.#ofUser.set(userId, this.#claimsOf(userId) + 1);
    } else if (!before) faults.push(`claim ${id} was never granted`);
    else if (stated !== undefined && stated !== before) faults.push(`claim ${id} was ${before}, not ${stated}`);
    if (before !== state && state === 'released') this.#ofUser.set(userId, this.#claimsOf(userId) - 1);
    if (this.#takesUnit(type, state, before, hold)) this.#retired += 1;
    if (before) this.#inState[before] -= 1;
    this.#inState[state] += 1;
    this.#claims.set(id, { state, userId });
    return faults;
  }

  #claimsOf(userId: string): number {
    return this.#ofUser.get(userId) ?? 0;
  }

  /** Whether the unit of a claim that ends this way is retired, by semantics.md's pool rules. */
  #takesUnit(type: string, state: ClaimState, before: ClaimState | undefined, hold = false): boolean {
    if (before === state || KEEPS_UNIT.has(state)) return false;
    const { pool } = this.#spec!;
    const rolledBack = type === 'voucher.redemption-rolled-back.v1' && pool.rolledBack !== 'hold' && !hold;
    return rolledBack ? pool.rolledBack === 'retire' : pool[state as 'expired' | 'released' | 'revoked'] === 'retire';
  }
}
