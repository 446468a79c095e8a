// Draws a page for one visitor. A drawn module is cached: one for all users who have no claim of its voucher and
// do not wait for it, and one per user who does. It is drawn again when the voucher, the user's claims or the time change it.
import type { GoodsShown, Page, PageModule } from '@vouchers/contracts';
import { sameForAllUntil, type VoucherState } from '@vouchers/voucher';
import type { Having, UserVoucher } from '../read-model/holdings.ts';
import { LRUCache } from 'lru-cache';
import type { Standings } from '../judging/judgements.ts';
import { moduleOf, popupOf, standingOf, standsOn, timeFor, type Standing, type Visitor } from './page-data.ts';
import { moduleText, pageText } from './page-text.ts';

/** A drawn module. `module` is undefined if the voucher is not shown. */
interface Drawn {
  module: PageModule | undefined;
  text: string;
}

interface DrawnPage {
  /** PageData as JSON. */
  text: string;
  /** Vouchers that are shown as claimable and were not pushed to this user before. */
  pushes: VoucherState[];
}

/** The size of each of the two text caches below. */
const CACHE_BYTES = 16_777_216;

/** A text takes two bytes per character, and about as much again for the objects that it was made from. */
function cacheOf<Key extends object, Value extends object>(textOf: (value: Value) => string): LRUCache<Key, Value> {
  return new LRUCache({ maxSize: CACHE_BYTES, sizeCalculation: (value) => 500 + 4 * textOf(value).length });
}

const NOTHING: UserVoucher = { claims: 0, pushed: false };

/** A voucher of a page, with the visitor's claims and pushes of it, and its module if that is cached. */
export interface Slot {
  voucher: VoucherState;
  has: UserVoucher;
  goods?: GoodsShown | undefined;
  drawn: Drawn | undefined;
}

export function slotsOf(
  page: Page,
  vouchers: ReadonlyMap<string, VoucherState>,
  having: Having,
  visitor: Visitor,
  goods: ReadonlyMap<string, GoodsShown> = new Map(),
): Slot[] {
  const slots: Slot[] = [];
  for (const id of page.voucherIds) {
    const voucher = vouchers.get(id);
    if (!voucher || !standsOn(voucher, page)) continue;
    const has = having.get(id) ?? NOTHING;
    const own = goods.get(id);
    slots.push({ voucher, has, goods: own, drawn: cachedModule(voucher, has, visitor, own) });
  }
  return slots;
}

/** The slots whose module is not cached, so that the voucher has to be judged. */
export const undrawn = (slots: readonly Slot[]): Slot[] => slots.filter(({ drawn }) => !drawn);

/**
 * Pauses after each module that it draws, since the conditions may be expensive.
 * @param standings those of the `undrawn` slots, if they are already judged
 */
export function* drawPage(
  page: Page,
  slots: readonly Slot[],
  visitor: Visitor,
  { unavailable = [], standings }: { unavailable?: readonly string[]; standings?: Standings } = {},
): Generator<void, DrawnPage> {
  const modules: Drawn[] = [];
  const pushes: VoucherState[] = [];
  for (const slot of slots) {
    const { voucher, has } = slot;
    let { drawn } = slot;
    if (!drawn) {
      const standing = standings ? standings.get(voucher.voucherId) : standingOf(voucher, has, visitor, page.slug);
      drawn = drawModule(slot, visitor, standing);
      yield;
    }
    modules.push(drawn);
    if (!has.pushed && drawn.module?.state === 'claimable') pushes.push(voucher);
  }
  return { text: textOf(page, modules, unavailable), pushes };
}

/** A drawn module, and the time in which it stays the same. */
interface CachedModule {
  voucher: VoucherState;
  goods: GoodsShown | undefined;
  from: number;
  until: number;
  drawn: Drawn;
}
/** Modules for users without a claim, by whether the voucher was pushed to them. The key is the voucher's state. */
const forAll = { pushed: new WeakMap<object, CachedModule>(), unpushed: new WeakMap<object, CachedModule>() };
/** Modules for users with a claim or an entry. The key is the object with what the user has of the voucher. */
const forOne = cacheOf<object, CachedModule>(({ drawn }) => drawn.text);

function cacheFor(voucher: VoucherState, has: UserVoucher): { cache: WeakMap<object, CachedModule>; key: object } {
  const hasNothing = has.claims === 0 && !has.claim && !has.entry;
  return hasNothing ? { cache: forAll[has.pushed ? 'pushed' : 'unpushed'], key: voucher } : { cache: forOne, key: has };
}

function cachedModule(
  voucher: VoucherState,
  has: UserVoucher,
  visitor: Visitor,
  goods: GoodsShown | undefined,
): Drawn | undefined {
  const { now } = visitor;
  if (timeFor(voucher, visitor) !== now) return undefined;
  const { cache, key } = cacheFor(voucher, has);
  const cached = cache.get(key);
  return cached?.voucher === voucher && cached.goods === goods && now >= cached.from && now < cached.until
    ? cached.drawn
    : undefined;
}

function drawModule({ voucher, has, goods }: Slot, visitor: Visitor, standing: Standing | undefined): Drawn {
  const { now } = visitor;
  const module = standing && moduleOf(voucher, standing, goods);
  const drawn = { module, text: module ? moduleText(module) : '' };
  const until = timeFor(voucher, visitor) === now ? sameUntil(voucher, has, now) : undefined;
  if (until !== undefined) {
    const { cache, key } = cacheFor(voucher, has);
    cache.set(key, { voucher, goods, from: now, until, drawn });
  }
  return drawn;
}

/**
 * Returns when the module may next change. Undefined if its rules depend on the user, the page or the exact time, so
 * that it cannot be cached.
 */
function sameUntil(voucher: VoucherState, { claim, entry }: UserVoucher, now: number): number | undefined {
  const until = sameForAllUntil(voucher, now);
  if (until === undefined || !(claim || entry)) return until;
  const lock = claim?.lock;
  const ends = [claim?.useUntil, lock?.until, lock?.lockUntil, entry?.offer?.until].map((end) => Date.parse(end ?? ''));
  return Math.min(until, ...ends.filter((end) => end > now));
}

/** The last text of each page, since the next visitor often sees the same modules. */
const last = cacheOf<Page, { modules: Drawn[]; text: string }>(({ text }) => text);

function textOf(page: Page, drawn: Drawn[], unavailable: readonly string[]): string {
  const before = unavailable.length === 0 ? last.get(page) : undefined;
  if (before?.modules.length === drawn.length && drawn.every((one, index) => one === before.modules[index]))
    return before.text;
  const shown = drawn.filter(({ module }) => module !== undefined);
  const text = pageText(
    page,
    shown.map((one) => one.text),
    popupOf(shown.map(({ module }) => module!)),
    unavailable,
  );
  if (unavailable.length === 0) last.set(page, { modules: drawn, text });
  return text;
}
