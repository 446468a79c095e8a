// Pages include this script. It defines <voucher-claim>.
import { VoucherClaim } from './element/voucher-claim.element.ts';
import type { WidgetEvents } from './element/widget.events.ts';

export { VoucherClaim } from './element/voucher-claim.element.ts';
export type { WidgetData, WidgetModule, WidgetQuote } from './element/module.view.ts';
export type { WidgetEventDetails, WidgetEvents } from './element/widget.events.ts';
export type { TokenSource } from './platform/platform.client.ts';
export type { Language, ShownState } from './words/words.ts';

declare global {
  interface HTMLElementTagNameMap {
    'voucher-claim': VoucherClaim;
  }
  interface HTMLElementEventMap extends WidgetEvents {}
}

// A page may include the script twice.
if (!customElements.get('voucher-claim')) customElements.define('voucher-claim', VoucherClaim);
