// Judges what a user may use on an order, and claim on a page: pure functions of what is known.
import type { Claim, Order } from '@vouchers/contracts';
import {
  arrayOf,
  CHECK,
  CLAIM,
  FLAG,
  ID,
  maybe,
  named,
  REASON,
  record,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { claimAt, judgeClaim, judgeRedemption, statusOf, type Use, type VoucherState } from '@vouchers/voucher';
import { timeFor, type Visitor } from '../pages/page-data.ts';
import { claimRecordOf } from '../wallet/claim-record.ts';

export const QUALIFICATION = named(
  'Qualification',
  record({
    voucherId: ID,
    claim: maybe(CLAIM),
    applicable: FLAG,
    reason: maybe(REASON),
    checks: arrayOf(CHECK),
  }),
);
/** The answer for one claim: may it be used on the order. Without `claim`: could the user claim the voucher. */
export type Qualification = TypeOf<typeof QUALIFICATION>;

export type Goods = Pick<Use, 'matchesGoods' | 'goodsVersion'>;

/** Plain data, which can be sent to a thread. */
export interface AskedToQualify {
  vouchers: ReadonlyMap<string, VoucherState>;
  visitor: Visitor;
  claims: readonly Claim[];
  order: Order;
  /** False: conditions of the use node see no attributes. */
  attributesKnown: boolean;
  /** Goods by voucher, for the vouchers of the claims. */
  goods: ReadonlyMap<string, Goods>;
  /** Its vouchers in order, each with the number of the user's claims of it. */
  page?: { slug: string; claimsOf: readonly (readonly [voucherId: string, claims: number])[] };
}

/** May pause after each claim: conditions may cost much, and there may be 200 claims. */
export function* qualified(asked: AskedToQualify): Generator<void, Qualification[]> {
  const { claims, page } = asked;
  const items: (Qualification | undefined)[] = [];
  for (const claim of claims) {
    items.push(ofClaim(claim, asked));
    yield;
  }
  for (const [id, had] of page?.claimsOf ?? []) {
    items.push(ofVoucher(asked, id, had, page!.slug));
    yield;
  }
  return items.filter((item) => item !== undefined);
}

function ofClaim(
  claim: Claim,
  { vouchers, visitor, order, attributesKnown, goods }: AskedToQualify,
): Qualification | undefined {
  const voucher = vouchers.get(claim.voucherId);
  if (!voucher) return undefined;
  const at = timeFor(voucher, visitor);
  const attributes = attributesKnown ? visitor.attributes : undefined;
  const use = { order, attributes, ...goods.get(claim.voucherId) };
  const { verdict, reason, checks } = judgeRedemption(voucher, claimAt(claimRecordOf(claim), at), use, at);
  return { voucherId: claim.voucherId, claim, applicable: verdict === 'granted', reason, checks };
}

function ofVoucher(
  { vouchers, visitor }: AskedToQualify,
  voucherId: string,
  claims: number,
  slug: string,
): Qualification | undefined {
  const voucher: VoucherState | undefined = vouchers.get(voucherId);
  if (!voucher || statusOf(voucher) === 'draft') return undefined;
  const user = { id: visitor.userId, attributes: visitor.attributes, claims };
  const { verdict, reason, checks } = judgeClaim(voucher, user, timeFor(voucher, visitor), slug);
  return { voucherId, applicable: verdict === 'granted', reason, checks };
}
