// Judges which claims a user may use on an order, and which vouchers of a page the user may claim, by pure functions.
import { takesMoneyOff, type Claim, type Order } from '@vouchers/contracts';
import {
  arrayOf,
  CHECK,
  CLAIM,
  COUNT,
  FLAG,
  ID,
  mapOf,
  maybe,
  named,
  REASON,
  record,
  TIME,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { takenAlone, type Line } from '@vouchers/pricing';
import { entryRecordOf, judgeClaim, judgeRedemption, statusOf, type Use, type VoucherState } from '@vouchers/voucher';
import { timeFor, type Visitor } from '../pages/page-data.ts';
import type { UserVoucher } from '../read-model/holdings.ts';
import { claimRecordOf } from '../wallet/claim-record.ts';

/** The most of a user's claims that are judged for one order. */
export const MAX_CLAIMS = 200;

/** The time of an answer, and the last seq of each partition that it reflects. */
export const AS_OF = named('QualificationPosition', record({ at: TIME, positions: mapOf(COUNT) }));

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
/** With `claim`: whether it may be used on the order. Without `claim`: whether the user may claim the voucher. */
export type Qualification = TypeOf<typeof QUALIFICATION>;

export type Goods = Pick<Use, 'matchesGoods' | 'goodsVersion'>;

/** The claims of a user, and an order that may use them. */
export interface ClaimsInput {
  vouchers: ReadonlyMap<string, VoucherState>;
  visitor: Visitor;
  claims: readonly Claim[];
  order: Order;
  /** If false, the conditions of the use node see no attributes. */
  attributesKnown: boolean;
  /** For each voucher of the claims, whether the order contains its goods. */
  goods: ReadonlyMap<string, Goods>;
  /** The order's lines, whose amounts sum to the order's. */
  lines: readonly Line[];
  /** By voucher whose benefit reaches only its goods: the places of the lines that are among them. */
  reach: ReadonlyMap<string, readonly number[]>;
}

/** Plain data, so that it can be sent to a thread. */
export interface QualificationInput extends ClaimsInput {
  /** The vouchers of the page, in order, each with what the user has of it. */
  page?: { slug: string; having: readonly (readonly [voucherId: string, has: UserVoucher])[] };
}

/** Pauses after each item, since conditions may be expensive, and there may be 200 claims. */
export function* qualified(input: QualificationInput): Generator<void, Qualification[]> {
  const { claims, page } = input;
  const items: (Qualification | undefined)[] = [];
  for (const claim of claims) {
    items.push(ofClaim(claim, input));
    yield;
  }
  for (const [id, has] of page?.having ?? []) {
    items.push(ofVoucher(input, id, has, page!.slug));
    yield;
  }
  return items.filter((item) => item !== undefined);
}

/**
 * The use of a claim for the order, priced as if it were alone, and the time that counts. Undefined if the voucher's
 * state is not known.
 */
export function useOf(
  { voucherId }: Claim,
  { vouchers, visitor, order, attributesKnown, goods, lines, reach }: ClaimsInput,
): { voucher: VoucherState; at: number; use: Use } | undefined {
  const voucher = vouchers.get(voucherId);
  if (!voucher) return undefined;
  const attributes = attributesKnown ? visitor.attributes : undefined;
  const { benefit } = voucher.definition.spec;
  const amount = takenAlone(lines, benefit, reach.get(voucherId));
  const discount = takesMoneyOff(benefit) ? { amount, currency: order.currency } : undefined;
  return { voucher, at: timeFor(voucher, visitor), use: { order, attributes, discount, ...goods.get(voucherId) } };
}

function ofClaim(claim: Claim, input: QualificationInput): Qualification | undefined {
  const found = useOf(claim, input);
  if (!found) return undefined;
  const { voucher, at, use } = found;
  const { verdict, reason, checks } = judgeRedemption(voucher, claimRecordOf(claim), use, at);
  return { voucherId: claim.voucherId, claim, applicable: verdict === 'granted', reason, checks };
}

function ofVoucher(
  { vouchers, visitor }: QualificationInput,
  voucherId: string,
  { claims, entry }: UserVoucher,
  slug: string,
): Qualification | undefined {
  const voucher: VoucherState | undefined = vouchers.get(voucherId);
  if (!voucher || statusOf(voucher) === 'draft') return undefined;
  const { userId: id, attributes } = visitor;
  const user = { id, attributes, claims, entry: entry && entryRecordOf(entry) };
  const { verdict, reason, checks } = judgeClaim(voucher, user, timeFor(voucher, visitor), slug);
  return { voucherId, applicable: verdict === 'granted', reason, checks };
}
