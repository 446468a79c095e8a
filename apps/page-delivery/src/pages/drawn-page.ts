// A page drawn for one visitor. Most modules of most visits are the same for all who have nothing of their voucher:
// these are drawn once, and again when the voucher has changed or time turns what they show.
import type { Page, PageModule } from '@vouchers/contracts';
import { sameForAllUntil, type VoucherState } from '@vouchers/voucher';
import type { Having, UserVoucher } from '../read-model/holdings.ts';
import { moduleOf, popupOf, timeFor, type Visitor } from './page-data.ts';
import { moduleText, pageText } from './page-text.ts';

/** `module` undefined: there is nothing to show. */
interface Drawn {
  module: PageModule | undefined;
  text: string;
}

interface DrawnPage {
  /** PageData as JSON. */
  text: Buffer;
  /** Vouchers that are shown as claimable and not known as pushed. */
  pushes: VoucherState[];
}

const NOTHING: UserVoucher = { claims: 0, pushed: false };

export function drawPage(
  page: Page,
  vouchers: ReadonlyMap<string, VoucherState>,
  having: Having,
  visitor: Visitor,
): DrawnPage {
  const modules: Drawn[] = [];
  const pushes: VoucherState[] = [];
  for (const id of page.voucherIds) {
    const voucher = vouchers.get(id);
    if (!voucher) continue;
    const has = having.get(id) ?? NOTHING;
    const drawn = drawModule(voucher, has, visitor, page.slug);
    modules.push(drawn);
    if (!has.pushed && drawn.module?.state === 'claimable') pushes.push(voucher);
  }
  return { text: textOf(page, modules), pushes };
}

/** What is shown from one moment until another, by whether the voucher was pushed to who sees it. */
interface ForAll {
  from: number;
  until: number;
  pushed?: Drawn;
  unpushed?: Drawn;
}
const forAll = new WeakMap<VoucherState, ForAll>();

function drawModule(voucher: VoucherState, has: UserVoucher, visitor: Visitor, slug: string): Drawn {
  if (has.claims > 0 || has.claim || timeFor(voucher, visitor) !== visitor.now)
    return draw(voucher, has, visitor, slug);
  let known = forAll.get(voucher);
  if (!known || visitor.now < known.from || visitor.now >= known.until) {
    const until = sameForAllUntil(voucher, visitor.now);
    if (until === undefined) return draw(voucher, has, visitor, slug);
    forAll.set(voucher, (known = { from: visitor.now, until }));
  }
  return (known[has.pushed ? 'pushed' : 'unpushed'] ??= draw(voucher, has, visitor, slug));
}

function draw(voucher: VoucherState, has: UserVoucher, visitor: Visitor, slug: string): Drawn {
  const module = moduleOf(voucher, has, visitor, slug);
  return { module, text: module ? moduleText(module) : '' };
}

/** The page as it was written last: the next visitor often sees the same. */
const last = new WeakMap<Page, { modules: Drawn[]; text: Buffer }>();

function textOf(page: Page, drawn: Drawn[]): Buffer {
  const known = last.get(page);
  if (known?.modules.length === drawn.length && drawn.every((one, index) => one === known.modules[index]))
    return known.text;
  const shown = drawn.filter(({ module }) => module !== undefined);
  const text = pageText(
    page,
    shown.map((one) => one.text),
    popupOf(shown.map(({ module }) => module!)),
  );
  last.set(page, { modules: drawn, text });
  return text;
}
