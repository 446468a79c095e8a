// The spec of a new voucher. It contains all defaults, so the user only needs to set a name, a type, a zone and dates.
import { SPEC_DEFAULTS, type Benefit, type Voucher, type VoucherSpec } from '@vouchers/contracts';
import { moved, rounded } from '../windows/wall-time.ts';

/** @param now RFC 3339 */
export function newSpec(now: string, timeZone: string): VoucherSpec {
  const from = moved(rounded(moved(now, timeZone, { hours: -12 }), timeZone, 'day'), timeZone, { days: 1 });
  const valid = { from, to: moved(from, timeZone, { days: 30 }) };
  return {
    ...structuredClone(SPEC_DEFAULTS),
    goods: [],
    name: '',
    resourceType: 'coupon',
    windows: { timeZone, valid, claim: { ...valid }, use: { ...valid } },
  } as VoucherSpec;
}

/** The spec of a voucher, without its other fields. */
export function specOf(voucher: Voucher): VoucherSpec {
  const { id: _, version: _v, state: _s, team: _t, createdAt: _c, updatedAt: _u, updatedBy: _b, ...spec } = voucher;
  return spec;
}

/** The spec of a voucher for a copy. The copy of another team's voucher belongs to this team, as new ones do. */
export function specToCopy(voucher: Voucher, team: string): VoucherSpec {
  const { redeemers: _, placements: _p, ...spec } = specOf(voucher);
  return voucher.team === team ? specOf(voucher) : spec;
}

/** A benefit of that type with its required fields. */
export function firstBenefit(type: Benefit['type']): Benefit {
  switch (type) {
    case 'amount-off':
      return { type, amount: 1_000, currency: 'CNY' };
    case 'percent-off':
      return { type, percent: 10 };
    case 'gift':
      return { type, sku: '', name: '' };
    case 'interest-free':
      return { type, days: 30 };
    case 'access':
      return { type, name: '' };
  }
}
