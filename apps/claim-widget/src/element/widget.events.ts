import type { Claim, Reason } from '@vouchers/contracts';
import type { ShownState } from '../words/words.ts';
import type { PopupTrigger } from './popup.controller.ts';

/** The widget's events with the type of their `detail`. All bubble and leave shadow roots. */
export interface WidgetEventDetails {
  /** A voucher is shown for the first time. */
  'voucher-shown': { voucherId: string; state: ShownState };
  /** A claim was pressed. If the event is canceled, nothing is sent. */
  'voucher-claiming': { voucherId: string };
  /** The platform accepted the claim, but has not decided it (202). */
  'voucher-pending': { voucherId: string };
  'voucher-claimed': { voucherId: string; claim: Claim | undefined };
  'voucher-refused': { voucherId: string; reason: Reason | undefined };
  /** Nobody is signed in. `pressed`: the customer pressed the button to sign in. */
  'voucher-token-needed': { pressed: boolean; voucherId?: string };
  'voucher-popup': { voucherId: string; trigger: PopupTrigger; open: boolean };
  /** `status`: the HTTP status, if there was an answer. */
  'voucher-error': { voucherId?: string; status?: number };
}

/** An event's name without the common prefix. */
export type EventName = keyof WidgetEventDetails extends `voucher-${infer Name}` ? Name : never;

export type WidgetEvents = { [Name in keyof WidgetEventDetails]: CustomEvent<WidgetEventDetails[Name]> };
