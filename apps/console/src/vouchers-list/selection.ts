import type { Voucher } from '@vouchers/contracts';
import { createContext, use } from 'react';

/** The chosen vouchers of a list. */
export interface Selection {
  readonly chosen: ReadonlyMap<string, Voucher>;
  choose(vouchers: readonly Voucher[], isChosen: boolean): void;
}

export const SelectionContext = createContext<Selection | undefined>(undefined);

/** Undefined where nothing can be chosen. */
export const useSelection = (): Selection | undefined => use(SelectionContext);
