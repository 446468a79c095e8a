// Writes a page's answer as JSON. Its larger part belongs to the vouchers' versions and never changes, so that part is
// written once.
import type { Page, PageData } from '@vouchers/contracts';
import { arrayOf, PAGE_DATA, PAGE_MODULE, text, withFields, writerOf, writtenOnce } from '@vouchers/contracts/schemas';

const once = writtenOnce();

/** A module as JSON. */
export const moduleText = writerOf(PAGE_MODULE, {
  benefit: once,
  claim: JSON.stringify,
  windows: once,
  operations: once,
  goods: JSON.stringify,
  entry: JSON.stringify,
  waitingList: JSON.stringify,
});

const textOf = writerOf(withFields(PAGE_DATA, { modules: arrayOf(text()) }), {
  modules: (texts: string[]) => `[${texts.join(',')}]`,
});

/** The page's data as JSON. @param modules the texts that `moduleText` returns */
export function pageText(
  { slug, title }: Pick<Page, 'slug' | 'title'>,
  modules: string[],
  popup: PageData['popup'],
  unavailable: readonly string[] = [],
): string {
  return textOf({ slug, title, modules, popup, ...(unavailable.length > 0 && { unavailable: [...unavailable] }) });
}
