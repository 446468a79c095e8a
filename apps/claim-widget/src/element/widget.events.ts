import type { Claim, Entry, Reason } from '@vouchers/contracts';
import type { Request } from '../platform/platform.client.ts';
import type { ShownState } from '../words/words.ts';
import type { Attempt } from '../claiming/attempt.ts';
import type { PopupTrigger } from './popup.controller.ts';

/** The widget's events with the type of their `detail`. All bubble and leave shadow roots. */
export interface WidgetEventDetails {
  /** A voucher is shown for the first time. */
  'voucher-shown': { voucherId: string; state: ShownState };
  /** A claim was pressed. If the event is canceled, nothing is sent. */
  'voucher-claiming': { voucherId: string };
  /** The platform accepted the request, but has not decided it (202). */
  'voucher-pending': { voucherId: string; request: Request };
  'voucher-claimed': { voucherId: string; claim: Claim | undefined };
  /** The end of the user's claim was moved. */
  'voucher-extended': { voucherId: string; claim: Claim | undefined };
  /** The user is on the waiting list. */
  'voucher-joined': { voucherId: string; entry: Entry | undefined };
  /** The user left the waiting list, or declined an offer. */
  'voucher-left': { voucherId: string; entry: Entry | undefined };
  /** A unit is set aside for the user. Emitted once for each offer. */
  'voucher-offered': { voucherId: string; entry: Entry | undefined };
  'voucher-refused': { voucherId: string; request: Request; reason: Reason | undefined };
  /** Nobody is signed in. `pressed`: the customer pressed the button to sign in. */
  'voucher-token-needed': { pressed: boolean; voucherId?: string };
  'voucher-popup': { voucherId: string; trigger: PopupTrigger; open: boolean };
  /** `status`: the HTTP status, if there was an answer. */
  'voucher-error': { voucherId?: string; status?: number };
}

/** An event's name without the common prefix. */
export type EventName = keyof WidgetEventDetails extends `voucher-${infer Name}` ? Name : never;

export type WidgetEvents = { [Name in keyof WidgetEventDetails]: CustomEvent<WidgetEventDetails[Name]> };

const GRANTED: Readonly<Record<Request, EventName>> = {
  claim: 'claimed',
  extend: 'extended',
  join: 'joined',
  leave: 'left',
};
const OTHERS: { readonly [Status in Attempt['status']]?: EventName } = {
  waiting: 'pending',
  'signed-out': 'token-needed',
  failed: 'error',
  faulty: 'error',
  refused: 'refused',
};

/** The result that the event tells. */
export const resultOf = (attempt: Attempt): { request?: Request; claim?: Claim; entry?: Entry; reason?: Reason } => {
  const { request, claim, entry, reason } = attempt as ReturnType<typeof resultOf>;
  return { request, claim, entry, reason };
};

/** The event that tells the state of an attempt. Of the polls only the first tells it. */
export const eventOf = (attempt: Attempt): EventName | undefined =>
  attempt.status === 'granted'
    ? GRANTED[attempt.request]
    : attempt.status === 'waiting' && attempt.tries
      ? undefined
      : OTHERS[attempt.status];
