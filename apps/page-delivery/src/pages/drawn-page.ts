// A page drawn for one visitor. A module is drawn once for all users who have nothing of its voucher, and once for each
// user who has. It is drawn again when the voucher, the user's claims or the time change it.
import type { Page, PageModule } from '@vouchers/contracts';
import { sameForAllUntil, type VoucherState } from '@vouchers/voucher';
import type { Having, UserVoucher } from '../read-model/holdings.ts';
import { LRUCache } from 'lru-cache';
import { moduleOf, popupOf, standingOf, timeFor, type Standing, type Visitor } from './page-data.ts';
import { moduleText, pageText } from './page-text.ts';

/** `module` undefined: there is nothing to show. */
interface Drawn {
  module: PageModule | undefined;
  text: string;
}

interface DrawnPage {
  /** PageData as JSON. */
  text: string;
  /** Vouchers that are shown as claimable and not known as pushed. */
  pushes: VoucherState[];
}

/** The size of each of the two caches of text below. */
const CACHE_BYTES = 16_777_216;

/** A text takes two bytes per character. The objects that it was made from are kept with it. */
function cacheOf<Key extends object, Value extends object>(textOf: (value: Value) => string): LRUCache<Key, Value> {
  return new LRUCache({ maxSize: CACHE_BYTES, sizeCalculation: (value) => 500 + 4 * textOf(value).length });
}

const NOTHING: UserVoucher = { claims: 0, pushed: false };

/** A voucher of a page, what the visitor has of it, and its module if it was drawn before. */
export interface Place {
  voucher: VoucherState;
  has: UserVoucher;
  drawn: Drawn | undefined;
}

export function placesOf(
  page: Page,
  vouchers: ReadonlyMap<string, VoucherState>,
  having: Having,
  visitor: Visitor,
): Place[] {
  const places: Place[] = [];
  for (const id of page.voucherIds) {
    const voucher = vouchers.get(id);
    if (!voucher) continue;
    const has = having.get(id) ?? NOTHING;
    places.push({ voucher, has, drawn: moduleAtHand(voucher, has, visitor) });
  }
  return places;
}

/**
 * May pause after each module that has to be drawn: its conditions may cost much.
 * @param standings of all places that have to be drawn, in order, where they were judged before
 */
export function* drawPage(
  page: Page,
  places: readonly Place[],
  visitor: Visitor,
  {
    unavailable = [],
    standings,
  }: { unavailable?: readonly string[]; standings?: readonly (Standing | undefined)[] } = {},
): Generator<void, DrawnPage> {
  const modules: Drawn[] = [];
  const pushes: VoucherState[] = [];
  let judged = 0;
  for (const { voucher, has, drawn: atHand } of places) {
    const drawn =
      atHand ??
      drawModule(voucher, has, visitor, standings ? standings[judged++] : standingOf(voucher, has, visitor, page.slug));
    modules.push(drawn);
    if (!has.pushed && drawn.module?.state === 'claimable') pushes.push(voucher);
    if (!atHand) yield;
  }
  return { text: textOf(page, modules, unavailable), pushes };
}

/** What is shown from one moment until another. */
interface Lasting {
  voucher: VoucherState;
  from: number;
  until: number;
  drawn: Drawn;
}
/** To all who have nothing of the voucher, by whether it was pushed to them. */
const toAll = { pushed: new WeakMap<object, Lasting>(), unpushed: new WeakMap<object, Lasting>() };
/** To one who has something of it. */
const toOne = cacheOf<object, Lasting>(({ drawn }) => drawn.text);

/** The cache that holds the drawn module, and its key there. */
function keptIn(voucher: VoucherState, has: UserVoucher): { kept: WeakMap<object, Lasting>; key: object } {
  const hasNothing = has.claims === 0 && !has.claim;
  return hasNothing ? { kept: toAll[has.pushed ? 'pushed' : 'unpushed'], key: voucher } : { kept: toOne, key: has };
}

/** The module as it was drawn before, if it still holds. */
function moduleAtHand(voucher: VoucherState, has: UserVoucher, visitor: Visitor): Drawn | undefined {
  const { now } = visitor;
  if (timeFor(voucher, visitor) !== now) return undefined;
  const { kept, key } = keptIn(voucher, has);
  const known = kept.get(key);
  return known?.voucher === voucher && now >= known.from && now < known.until ? known.drawn : undefined;
}

function drawModule(voucher: VoucherState, has: UserVoucher, visitor: Visitor, standing: Standing | undefined): Drawn {
  const { now } = visitor;
  const module = standing && moduleOf(voucher, standing);
  const drawn = { module, text: module ? moduleText(module) : '' };
  const until = timeFor(voucher, visitor) === now ? sameUntil(voucher, has, now) : undefined;
  if (until !== undefined) {
    const { kept, key } = keptIn(voucher, has);
    kept.set(key, { voucher, from: now, until, drawn });
  }
  return drawn;
}

/** Until when it is drawn the same, whoever asks from which page; undefined where that matters, or time itself does. */
function sameUntil(voucher: VoucherState, { claim }: UserVoucher, now: number): number | undefined {
  const until = sameForAllUntil(voucher, now);
  if (until === undefined || !claim) return until;
  const ends = [claim.useUntil, ...(claim.lock ? [claim.lock.until] : [])].map(Date.parse);
  return Math.min(until, ...ends.filter((end) => end > now));
}

/** The page as it was written last: the next visitor often sees the same. */
const last = cacheOf<Page, { modules: Drawn[]; text: string }>(({ text }) => text);

function textOf(page: Page, drawn: Drawn[], unavailable: readonly string[]): string {
  const known = unavailable.length === 0 ? last.get(page) : undefined;
  if (known?.modules.length === drawn.length && drawn.every((one, index) => one === known.modules[index]))
    return known.text;
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
