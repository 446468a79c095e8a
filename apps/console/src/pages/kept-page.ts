// Keeps the edits of a page in the tab's session, so that they survive a reload and a visit to another screen.
import type { PageDraft } from './page-draft.ts';

export interface PageBase {
  draft: PageDraft;
  tag: string;
  version: number;
}
export interface KeptPage {
  base: PageBase;
  draft: PageDraft;
}

const keyOf = (slug: string): string => `console.page.${slug}`;

export function readKept(slug: string): KeptPage | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(slug)) ?? 'null') as KeptPage | null;
    return kept?.base?.draft && Array.isArray(kept.draft?.voucherIds) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the edits; undefined: there are none. Without room, the edits are only lost at a reload. */
export function keepPage(slug: string, kept: KeptPage | undefined): void {
  try {
    if (kept) sessionStorage.setItem(keyOf(slug), JSON.stringify(kept));
    else sessionStorage.removeItem(keyOf(slug));
  } catch {
    sessionStorage.removeItem(keyOf(slug));
  }
}
