// Stores edits per voucher in the tab's session, so that they survive a reload.
import type { VoucherSpec } from '@vouchers/contracts';
import type { Draft, Origin } from './draft.store.ts';

interface StoredDraft {
  origin: Origin;
  spec: VoucherSpec;
}

const keyOf = (name: string): string => `console.draft.${name}`;

export function readDraft(name: string): StoredDraft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? 'null') as StoredDraft | null;
    return kept?.origin?.base && kept.spec?.windows ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Stores the edits. @returns false if there is no room for them */
export function keep(name: string, { origin, spec, changes }: Draft): boolean {
  if (changes.length === 0) {
    forget(name);
    return true;
  }
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify({ origin, spec } satisfies StoredDraft));
    return true;
  } catch {
    forget(name);
    return false;
  }
}

export function forget(name: string): void {
  sessionStorage.removeItem(keyOf(name));
}
