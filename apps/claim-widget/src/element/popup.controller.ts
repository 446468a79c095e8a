// Opens the pop-up: by itself once per session and voucher, or after a press.
import type { Store } from '../claiming/session.ts';

export type PopupTrigger = 'on-load' | 'on-claim';

export interface Popup {
  readonly voucherId: string;
  readonly trigger: PopupTrigger;
  readonly title: string;
  readonly text: string;
}

const SEEN = 'voucher-popup ';
const TYPED_INTO = 'input, select, :read-write';

export class PopupController {
  open: Popup | undefined;
  #wanted: Popup | undefined;
  readonly #store: Store;
  readonly #changed: (popup: Popup, isOpen: boolean) => void;
  readonly #openIt = () => this.#openWanted();

  constructor(store: Store, changed: (popup: Popup, isOpen: boolean) => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** Opens the pop-up after the first paint when the browser is idle and the user is not typing. */
  propose(popup: Popup): void {
    if (this.open || this.#wanted || this.#store.getItem(SEEN + popup.voucherId)) return;
    this.#wanted = popup;
    requestAnimationFrame(() => (window.requestIdleCallback ?? setTimeout)(this.#openIt));
  }

  show(popup: Popup): void {
    this.#wanted = undefined;
    this.open = popup;
    this.#store.setItem(SEEN + popup.voucherId, '1');
    this.#changed(popup, true);
  }

  closed(): void {
    const popup = this.open;
    this.open = undefined;
    if (popup) this.#changed(popup, false);
  }

  stop(): void {
    this.#wanted = undefined;
    this.open = undefined;
    document.removeEventListener('focusout', this.#openIt);
  }

  #openWanted(): void {
    if (!this.#wanted) return;
    if (document.activeElement?.matches(TYPED_INTO))
      document.addEventListener('focusout', this.#openIt, { once: true });
    else this.show(this.#wanted);
  }
}
