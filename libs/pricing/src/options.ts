// The claims of money as the search for the best set sees them.
import { takesMoneyOff } from '@vouchers/contracts';
import { byApplication, combinationOf, compareIds, discounterOf, type Candidate } from './candidate.ts';
import { mostAlike } from './combination.ts';
import { sumOf, type Line } from './lines.ts';

export interface Option {
  candidate: Candidate;
  discount: (left: number) => number;
  /** Absent: every line. */
  reach?: readonly number[];
  /** The discount if it is used alone. With others, it takes off no more than that. */
  alone: number;
  /** Its place among all options by claim id. */
  rank: number;
  /** Claims of the same kind may be on one order with the same others. */
  kind: number;
  /** The number of its voucher. */
  voucher: number;
  /** The most claims of its voucher on one order. */
  most: number;
  /** Infinity: no budget. */
  budgetLeft: number;
  /** Whether all claims of its voucher take the same off the same lines, and the same number of them may be used. */
  isLikeItsVoucher: boolean;
}

export interface Options {
  /** In the order of application, without those that take nothing off. */
  options: Option[];
  /** The amounts of the lines. If every claim reaches every line, the order counts as one line: its sum alone decides. */
  amounts: number[];
  vouchers: number;
}

export function optionsOf(lines: readonly Line[], candidates: readonly Candidate[]): Options {
  const money = candidates.filter(({ benefit }) => takesMoneyOff(benefit)).toSorted(byApplication);
  const all = lines.map(({ amount }) => amount);
  const isWhole = money.every(({ reach }) => reach === undefined || reach.length === all.length);
  const amounts = isWhole ? [sumOf(all)] : all;
  const total = sumOf(all);
  const first = new Map<string, Option>();
  const numbers = new Map<string, number>();
  const kinds = new Map<string, number>();
  const options = money
    .map((candidate): Option => {
      const { voucherId, budgetLeft = Infinity } = candidate;
      if (!numbers.has(voucherId)) numbers.set(voucherId, numbers.size);
      const reach = isWhole || candidate.reach?.length === all.length ? undefined : candidate.reach;
      const discount = discounterOf(candidate.benefit);
      const alone = discount(reach ? sumOf(reach.map((place) => amounts[place]!)) : total);
      const { group, with: beside } = combinationOf(candidate);
      const kindKey = JSON.stringify([candidate.userId, group, beside]);
      if (!kinds.has(kindKey)) kinds.set(kindKey, kinds.size);
      const kind = kinds.get(kindKey)!;
      const [voucher, most] = [numbers.get(voucherId)!, mostAlike(candidate)];
      return { candidate, discount, reach, alone, rank: 0, kind, voucher, most, budgetLeft, isLikeItsVoucher: true };
    })
    .filter(({ alone }) => alone > 0);
  for (const option of options) {
    const { voucherId } = option.candidate;
    const other = first.get(voucherId);
    if (!other) first.set(voucherId, option);
    else if (!isAlike(option, other)) other.isLikeItsVoucher = false;
  }
  for (const option of options) option.isLikeItsVoucher = first.get(option.candidate.voucherId)!.isLikeItsVoucher;
  const byId = options.toSorted((one, other) => compareIds(one.candidate.claimId, other.candidate.claimId));
  for (const [rank, option] of byId.entries()) option.rank = rank;
  return { options, amounts, vouchers: numbers.size };
}

/** Whether two claims take the same off, whatever is left. Claims of one voucher have its benefit and its goods. */
const isAlike = (one: Option, other: Option): boolean =>
  one.alone === other.alone &&
  one.most === other.most &&
  one.budgetLeft === other.budgetLeft &&
  one.candidate.benefit === other.candidate.benefit &&
  (one.reach === other.reach || String(one.reach) === String(other.reach));
