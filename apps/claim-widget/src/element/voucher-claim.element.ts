// <voucher-claim> shows the vouchers of a page, each with its button, and one pop-up.
import type { PageData } from '@vouchers/contracts';
import { html, LitElement, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit';
import { NONE, type Attempt } from '../claiming/attempt.ts';
import { ClaimController } from '../claiming/claim.controller.ts';
import { attemptStorage } from '../claiming/kept-attempt.ts';
import { sessionStore } from '../claiming/session.ts';
import { PageLoader, type LoadStatus } from '../platform/page.loader.ts';
import { PlatformClient, type TokenSource } from '../platform/platform.client.ts';
import { WORDS } from '../words/languages.ts';
import { languageOf, type Language } from '../words/words.ts';
import { moduleTemplate } from './module.template.ts';
import { DAY_MS, startOf, viewOf, type ModuleView, type WidgetModule } from './module.view.ts';
import { noticeTemplate, skeletonTemplate } from './notice.template.ts';
import { PopupController, type Popup } from './popup.controller.ts';
import { popupTemplate } from './popup.template.ts';
import styles from './voucher-claim.css?inline';
import type { EventName, WidgetEventDetails } from './widget.events.ts';

/** The type of `data`: a page as the platform returns it. Its modules may also have one of the widget's own states. */
export type WidgetData = Omit<PageData, 'modules'> & { modules: WidgetModule[] };

/** The script comes from the platform, so its origin is the platform's. */
const OWN_ORIGIN = new URL(import.meta.url).origin;
const START_SPREAD_MS = 1_500;

/** The event that each status of an attempt emits. */
const EVENTS: { readonly [Status in Attempt['status']]?: EventName } = {
  waiting: 'pending',
  'signed-out': 'token-needed',
  failed: 'error',
  faulty: 'error',
  claimed: 'claimed',
  refused: 'refused',
};

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
const online = (): boolean => navigator.onLine;
const visible = (): boolean => document.visibilityState === 'visible';

export class VoucherClaim extends LitElement {
  static override readonly styles = unsafeCSS(styles);
  static override readonly properties = {
    page: {},
    voucher: {},
    api: {},
    lang: { reflect: true },
    theme: { reflect: true },
    noPopup: { type: Boolean, attribute: 'no-popup' },
    token: { attribute: false },
    data: { attribute: false },
  };

  /** The page's slug. */
  declare page: string | undefined;
  /** The id of the only voucher to show; all of the page by default. */
  declare voucher: string | undefined;
  /** The origin of page-delivery; the script's own by default. */
  declare api: string | undefined;
  /** `light`, `dark` or `auto` (the system's); by default the page's color-scheme. */
  declare theme: string | undefined;
  /** `zh-CN` or `en`; the page's language by default. */
  declare lang: string;
  declare noPopup: boolean;
  /** A token with the scopes `pages:read claims:write`, or a function that returns one. */
  declare token: TokenSource;
  /** The page to show. With it, the widget sends no requests. */
  declare data: WidgetData | undefined;

  #loader: PageLoader | undefined;
  #client: PlatformClient | undefined;
  #popup: PopupController | undefined;
  #controllers = new Map<string, ClaimController>();
  #refused = new Map<string, [at: number, module: WidgetModule]>();
  #seen = new Set<string>();
  #heldFocus: string | undefined;
  #listening: AbortController | undefined;
  #cancelTick: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    for (const event of ['online', 'offline', 'visibilitychange'])
      window.addEventListener(event, this.#wake, this.#listening);
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening?.abort();
    this.#end();
  }

  /** Loads the page's data again. They are at least as new as the last decision that this widget saw. */
  async refresh(): Promise<void> {
    if (!this.data) await this.#loader?.refresh();
  }

  /** Claims a voucher like a press, but without a pop-up. Events report the result. */
  claim(voucherId: string): void {
    const controller = this.#controllerOf(voucherId);
    if (this.#emit('claiming', { voucherId })) void controller?.press(this.page);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#heldFocus = this.shadowRoot?.activeElement?.id;
    if (!this.hasUpdated || changed.has('page') || changed.has('api') || changed.has('data')) this.#begin();
    else if (changed.has('token')) this.#wakeWithToken();
  }

  protected override render(): TemplateResult {
    const { language } = this;
    const words = WORDS[language];
    const data = this.#data;
    if (!data) return this.#unloaded(this.#loader?.status ?? 'idle');
    const modules = this.#modules;
    const popup = this.#popup?.open;
    const popupModule = popup && modules.find(({ voucherId }) => voucherId === popup.voucherId);
    const act = (voucherId: string, view: ModuleView, inPopup: boolean) => this.#act(voucherId, view, inPopup);
    return html`${modules.length === 0 ? noticeTemplate(words.empty) : null}
      <ul class="modules">
        ${modules.map((module) => moduleTemplate(module.voucherId, this.#viewOf(module), act))}
      </ul>
      ${popupTemplate(popup, popupModule && this.#viewOf(popupModule), words, act, () => this.#popupClosed())}`;
  }

  protected override updated(): void {
    const dialog = this.shadowRoot!.querySelector('dialog');
    if (dialog && this.#popup?.open && !dialog.open) dialog.showModal();
    if (dialog?.open && !this.#popup?.open) dialog.close();
    // A button that became a link was replaced, so the link gets the focus.
    const root = this.shadowRoot!;
    if (this.#heldFocus && !root.activeElement) root.getElementById(this.#heldFocus)?.focus();
    for (const module of this.#modules) this.#show(module);
    this.#schedule();
  }

  get language(): Language {
    const near = this.closest('[lang]')?.getAttribute('lang');
    return languageOf(near || document.documentElement.lang || navigator.language);
  }

  get #data(): WidgetData | undefined {
    return this.data ?? this.#loader?.data;
  }

  get #modules(): readonly WidgetModule[] {
    const modules = [...(this.#data?.modules ?? [])];
    for (const [voucherId, [at, module]] of this.#refused)
      if (!modules.some((other) => other.voucherId === voucherId)) modules.splice(at, 0, module);
    return this.voucher ? modules.filter(({ voucherId }) => voucherId === this.voucher) : modules;
  }

  get #now(): number {
    return this.#client?.now() ?? Date.now();
  }

  #begin(): void {
    this.#end();
    const origin = this.api || OWN_ORIGIN;
    const client = new PlatformClient(origin, () => this.token);
    const session = sessionStore();
    this.#client = client;
    this.#popup = new PopupController(session, () => this.#popupChanged());
    if (this.data || !this.page) return;
    const dependencies = { client, after, online, visible, now: Date.now, newKey: () => crypto.randomUUID() };
    this.#newController = (voucherId) =>
      new ClaimController(
        voucherId,
        attemptStorage(session, `voucher-claim ${origin} ${voucherId}`),
        dependencies,
        (attempt) => this.#attemptChanged(voucherId, attempt),
      );
    this.#loader = new PageLoader({ client, after, online }, (loader, problem) => this.#loaded(loader, problem));
    void this.#loader.load(this.page);
  }

  #end(): void {
    this.#loader?.stop();
    this.#loader = undefined;
    this.#popup?.stop();
    this.#cancelTick?.();
    for (const controller of this.#controllers.values()) controller.stop();
    this.#controllers.clear();
    this.#refused.clear();
  }

  #newController: ((voucherId: string) => ClaimController) | undefined;

  /** Module and pop-up share one controller per voucher. */
  #controllerOf(voucherId: string): ClaimController | undefined {
    if (this.data) return undefined;
    const known = this.#controllers.get(voucherId) ?? this.#newController?.(voucherId);
    if (known) this.#controllers.set(voucherId, known);
    return known;
  }

  #viewOf(module: WidgetModule): ModuleView {
    const attempt = this.#controllers.get(module.voucherId)?.attempt ?? NONE;
    return viewOf(module, attempt, { language: this.language, now: this.#now, online: online() });
  }

  #act(voucherId: string, { action }: ModuleView, inPopup: boolean): void {
    if (action === 'sign-in') this.#emit('token-needed', { pressed: true });
    if (action !== 'claim') return;
    const asks = this.#modules.find((module) => module.voucherId === voucherId)?.operations.popup;
    const { status } = this.#controllers.get(voucherId)?.attempt ?? NONE;
    if (!inPopup && !this.noPopup && asks?.trigger === 'on-claim' && (status === 'none' || status === 'refused'))
      this.#popup?.show({ voucherId, trigger: 'on-claim', title: asks.title ?? '', text: asks.text ?? '' });
    else this.claim(voucherId);
  }

  #attemptChanged(voucherId: string, attempt: Attempt): void {
    this.requestUpdate();
    const { status } = attempt;
    const event = EVENTS[status];
    if (event && !(status === 'waiting' && attempt.tries > 0))
      this.#emit(event, {
        voucherId,
        pressed: false,
        ...(status === 'claimed' && { claim: attempt.claim }),
        ...(status === 'refused' && { reason: attempt.reason }),
      });
    if (status === 'refused') this.#keepRefused(voucherId, attempt.reason === 'paused' ? attempt.reason : 'ended');
    if (status === 'refused' || status === 'claimed') void this.refresh();
  }

  /** Keeps a refused voucher visible with its reason, even if the page no longer has it. Its button says the same. */
  #keepRefused(voucherId: string, state: 'paused' | 'ended'): void {
    const at = this.#modules.findIndex((module) => module.voucherId === voucherId);
    const module = this.#modules[at];
    if (module) this.#refused.set(voucherId, [at, { ...module, state }]);
  }

  #loaded({ status, data }: PageLoader, problem: number | undefined): void {
    this.requestUpdate();
    if (status === 'signed-out') this.#emit('token-needed', { pressed: false });
    if (status === 'error') this.#emit('error', { status: problem });
    if (status !== 'loaded' || !data) return;
    for (const { voucherId } of this.#modules) void this.#controllerOf(voucherId)?.resume();
    const { popup } = data;
    const module = this.#modules.find(({ voucherId }) => voucherId === popup?.voucherId);
    if (popup?.trigger === 'on-load' && module?.state === 'claimable' && !this.noPopup)
      this.#popup?.offer(popup as Popup);
  }

  readonly #wake = (): void => {
    this.requestUpdate();
    if (!visible()) return;
    void this.#loader?.wake();
    for (const controller of this.#controllers.values()) void controller.wake();
  };

  #wakeWithToken(): void {
    if (this.#loader?.status === 'signed-out' || this.#loader?.status === 'error') void this.#loader.refresh();
    for (const controller of this.#controllers.values()) void controller.wake();
  }

  #unloaded(status: LoadStatus): TemplateResult {
    const words = WORDS[this.language];
    if (status === 'offline') return noticeTemplate(words.offline);
    if (status === 'signed-out')
      return noticeTemplate(words.signedOut, words.labels['signed-out'], () =>
        this.#emit('token-needed', { pressed: true }),
      );
    if (status === 'error') return noticeTemplate(words.failed, words.labels.error, () => void this.refresh());
    return skeletonTemplate(words.labels.loading);
  }

  #show(module: WidgetModule): void {
    if (this.#seen.has(module.voucherId)) return;
    this.#seen.add(module.voucherId);
    this.#emit('shown', { voucherId: module.voucherId, state: this.#viewOf(module).state });
  }

  #popupChanged(): void {
    this.requestUpdate();
    this.#emitPopup(this.#popup?.open, true);
  }

  #popupClosed(): void {
    const closed = this.#popup?.open;
    if (closed) this.#popup?.closed();
    this.#emitPopup(closed, false);
  }

  #emitPopup(popup: Popup | undefined, open: boolean): void {
    if (popup) this.#emit('popup', { voucherId: popup.voucherId, trigger: popup.trigger, open });
  }

  /**
   * Renders again during a countdown, and loads the page when it has ended. A random delay spreads the requests of many
   * widgets.
   */
  #schedule(): void {
    this.#cancelTick?.();
    const now = this.#now;
    const start = Math.min(...this.#modules.map((module) => startOf(module, now) ?? Infinity));
    if (start === Infinity || !visible()) return;
    const left = start - now;
    this.#cancelTick = after(left > DAY_MS ? Math.min(left - DAY_MS, DAY_MS) : left % 1_000 || 1_000, () => {
      this.requestUpdate();
      if (start <= this.#now) after(Math.random() * START_SPREAD_MS, () => void this.refresh());
    });
  }

  #emit<Name extends EventName>(name: Name, detail: WidgetEventDetails[`voucher-${Name}`]): boolean {
    const cancelable = name === 'claiming';
    return this.dispatchEvent(
      new CustomEvent(`voucher-${name}`, { detail, cancelable, bubbles: true, composed: true }),
    );
  }
}
