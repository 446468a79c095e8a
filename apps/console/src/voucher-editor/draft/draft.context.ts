import type { Fault, VoucherSpec } from '@vouchers/contracts';
import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { faultShown } from '../../parts/fault-text.ts';
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

/** The fault of a field, or of a part of it, in the reader's language. */
export function useFault(pointer: string): string | undefined {
  const { t } = useTranslation();
  const fault = useDraft((draft) => draft.faultAt(pointer));
  return fault && faultShown(fault, t);
}

/** Reports the fault of a field's text, which is not a value. */
export function useUnread(pointer: string): (fault: Fault | undefined) => void {
  const { draft } = useEditing();
  return useCallback((fault) => draft.setUnread(pointer, fault && { ...fault, pointer }), [draft, pointer]);
}

/** The value at a pointer, and a function to change it. */
export function useValue<T>(pointer: string): [T, (value: T | undefined) => void] {
  const { draft } = useEditing();
  const value = useDraft(({ spec }) => valueAt(spec, pointer)) as T;
  const set = useCallback((next: T | undefined) => draft.set(pointer, next), [draft, pointer]);
  return [value, set];
}
