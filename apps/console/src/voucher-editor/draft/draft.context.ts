import type { VoucherSpec } from '@vouchers/contracts';
import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import type { Draft } from './draft.store.ts';
import { valueAt } from './pointer.ts';

/** The draft, its voucher, and the fields that cannot be changed. */
export interface Editing {
  draft: Draft;
  voucherId: string | undefined;
  isLocked(pointer: string): boolean;
}

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = use(EditingContext);
  if (!editing) throw new Error('useEditing outside of the editor');
  return editing;
}

/** A part of the draft. The component renders again only when that part changes. */
export function useDraft<T>(select: (draft: Draft) => T): T {
  const { draft } = useEditing();
  return useSyncExternalStore(draft.subscribe, () => select(draft));
}

export const useSpec = (): VoucherSpec => useDraft(({ spec }) => spec);

/** The value at a pointer, and a function to change it. */
export function useValue<T>(pointer: string): [T, (value: T | undefined) => void] {
  const { draft } = useEditing();
  const value = useDraft(({ spec }) => valueAt(spec, pointer)) as T;
  const set = useCallback((next: T | undefined) => draft.set(pointer, next), [draft, pointer]);
  return [value, set];
}
