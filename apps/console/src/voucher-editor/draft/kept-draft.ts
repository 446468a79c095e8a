// Edits survive a reload: kept in this tab's session, by voucher.
import type { VoucherSpec } from '@vouchers/contracts';
import type { Draft, Origin } from './draft.store.ts';

interface Kept {
  origin: Origin;
  spec: VoucherSpec;
}

const keyOf = (name: string): string => `console.draft.${name}`;

export function readKept(name: string): Kept | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? 'null') as Kept | null;
    return kept?.origin?.base && kept.spec?.windows ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the edits. False: there is no room for them, a reload would lose them. */
export function keep(name: string, { origin, spec, changes }: Draft): boolean {
  if (changes.length === 0) {
    forget(name);
    return true;
  }
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify({ origin, spec } satisfies Kept));
    return true;
  } catch {
    forget(name);
    return false;
  }
}

export function forget(name: string): void {
  sessionStorage.removeItem(keyOf(name));
}
