// A dry quote in the judging thread: the quote of a user who has one claim of each voucher, as the code of quotes gives it.
import { type Claim, type Definition, type Order } from '@vouchers/contracts';
import { linesOf, type Line } from '@vouchers/pricing';
import { parseJson, tooCostly, type Job } from '@vouchers/service/thread';
import { costOfJudging, turningAmounts, useTimes, type VoucherState } from '@vouchers/voucher';
import { sizeOf } from '../dry-run/dry-run.body.ts';
import { asPublished, LONGEST_LIST, MOST_ITEMS, NO_VOUCHER, unsaved } from '../dry-run/dry-run.judged.ts';
import type { DryRun } from '../dry-run/dry-run.work.ts';
import { quoted, type QuoteInput } from '../quotes/quoted.ts';
import type { Quoted } from '../quotes/quote.schema.ts';
import { checkDryQuote, dryQuoteBody, type DryQuoteBody } from './dry-quote.body.ts';
import type { DryQuote } from './dry-quote.schema.ts';

/** A question for the main thread about the vouchers that the body names. The answer is `VouchersOfOrder`. */
export interface OrderQuery {
  order: Order;
  voucherIds: string[];
}
export type VouchersOfOrder = Pick<QuoteInput, 'vouchers' | 'goods' | 'reach'>;

export async function dryQuote({ bytes, costLimit, advice, caller }: DryRun, job: Job): Promise<DryQuote> {
  const body = checkDryQuote(dryQuoteBody.transform(bytes.length === 0 ? undefined : parseJson(Buffer.from(bytes))));
  await job.giveWay();
  const { order, draft, voucherIds } = body;
  const own = draft?.voucherId ?? NO_VOUCHER;
  const named = draft?.voucherId === undefined ? voucherIds : [...voucherIds, own];
  const known = (await job.ask({ order, voucherIds: named } satisfies OrderQuery)) as VouchersOfOrder;
  const input = inputOf(body, known);
  if (draft) {
    const definition = unsaved(draft.spec, caller);
    input.vouchers.set(own, atTime(asPublished(definition, known.vouchers.get(own)), input.visitor.now));
    takeGoods(input, own, definition);
  }
  const cost = costOf(body, input.vouchers);
  if (cost > costLimit) throw tooCostly(cost, costLimit, advice);
  const judging = quoted({ ...input, claims: claimsOf(body, input) });
  for (;;) {
    const step = judging.next();
    if (step.done) return namedByVoucher(step.value, input.visitor.now);
    await job.giveWay();
  }
}

type Input = Omit<QuoteInput, 'claims'> & {
  vouchers: Map<string, VoucherState>;
  goods: Map<string, { matchesGoods?: boolean; goodsVersion?: number }>;
  reach: Map<string, readonly number[]>;
};

function inputOf({ order, user: { id, ...attributes }, at }: DryQuoteBody, known: VouchersOfOrder): Input {
  const now = at === undefined ? Date.now() : Date.parse(at);
  return {
    order,
    lines: linesOf(order)!,
    visitor: { userId: id, attributes, now },
    attributesKnown: true,
    vouchers: new Map([...known.vouchers].map(([voucherId, state]) => [voucherId, atTime(state, now)])),
    goods: new Map(known.goods),
    reach: new Map(known.reach),
  };
}

/** The use may be at a time that is earlier than the voucher's own time. */
const atTime = (state: VoucherState, at: number): VoucherState => ({ ...state, time: Math.min(state.time, at) });

/** The goods of an unsaved spec are in it. */
function takeGoods({ goods, reach, lines }: Input, voucherId: string, { spec }: Definition): void {
  const skus = new Set(spec.goods.map(({ sku }) => sku));
  goods.set(voucherId, { matchesGoods: lines.some((line) => has(skus, line)), goodsVersion: 1 });
  if (skus.size === 0) reach.delete(voucherId);
  else
    reach.set(
      voucherId,
      lines.flatMap((line, place) => (has(skus, line) ? [place] : [])),
    );
}

const has = (skus: ReadonlySet<string>, { sku }: Line): boolean => sku !== undefined && skus.has(sku);

/** The most steps that the judgements can take. A refused claim is judged again with each amount that its rule names. */
function costOf({ order, user }: DryQuoteBody, vouchers: ReadonlyMap<string, VoucherState>): number {
  const sizes = {
    items: Math.min(order.items?.length ?? 0, MOST_ITEMS),
    list: LONGEST_LIST,
    text: sizeOf(user),
  };
  let cost = 0;
  for (const { definition } of vouchers.values())
    cost += costOfJudging(definition, 'use', sizes) * (1 + turningAmounts(definition).length);
  return cost;
}

/** A claim of each voucher. Its id is the voucher's. */
function claimsOf({ user, heldAt }: DryQuoteBody, { vouchers, visitor }: Input): Claim[] {
  const held = heldAt === undefined ? visitor.now : Date.parse(heldAt);
  return [...vouchers].map(([id, { definition }]) => {
    const { useFrom, useUntil } = useTimes(definition, held);
    return {
      id,
      voucherId: id,
      voucherVersion: definition.version,
      userId: user.id,
      state: 'held',
      uses: 0,
      heldAt: new Date(held).toISOString(),
      useFrom: new Date(useFrom).toISOString(),
      useUntil: new Date(useUntil).toISOString(),
    };
  });
}

function namedByVoucher({ best, exact, inapplicable }: Quoted, at: number): DryQuote {
  const { claimIds, lines, entitlements, ...sums } = best!;
  return {
    at: new Date(at).toISOString(),
    best: {
      voucherIds: claimIds,
      ...sums,
      lines: lines.map(({ by, ...line }) => ({
        ...line,
        by: by.map(({ claimId, amount }) => ({ voucherId: claimId, amount })),
      })),
      entitlements: entitlements.map(({ claimId, benefit }) => ({ voucherId: claimId, benefit })),
    },
    exact,
    inapplicable: inapplicable.map(({ claimId: _, ...one }) => one),
  };
}
