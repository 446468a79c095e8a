import type { Claim, Reason } from '@vouchers/contracts';
import type { ShownState } from '../words/words.ts';
import type { PopupTrigger } from './popup.controller.ts';

/** The widget's events by name, with what each `detail` is. All bubble and leave shadow roots. */
export interface WidgetEventDetails {
  /** A voucher is there to be seen, for the first time. */
  'voucher-shown': { voucherId: string; state: ShownState };
  /** A claim was pressed. Cancelable: then nothing is sent. */
  'voucher-claiming': { voucherId: string };
  /** The decision takes longer (202). */
  'voucher-pending': { voucherId: string };
  'voucher-claimed': { voucherId: string; claim: Claim | undefined };
  'voucher-refused': { voucherId: string; reason: Reason | undefined };
  /** Nobody is signed in. `pressed`: the customer asks to be. */
  'voucher-token-needed': { pressed: boolean; voucherId?: string };
  'voucher-popup': { voucherId: string; trigger: PopupTrigger; open: boolean };
  /** `status`: of the HTTP answer, where there was one. */
  'voucher-error': { voucherId?: string; status?: number };
}

/** Without the prefix that all share. */
export type EventName = keyof WidgetEventDetails extends `voucher-${infer Name}` ? Name : never;

export type WidgetEvents = { [Name in keyof WidgetEventDetails]: CustomEvent<WidgetEventDetails[Name]> };
