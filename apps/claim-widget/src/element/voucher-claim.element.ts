// <voucher-claim> shows the vouchers of a page, each with its button, and one pop-up.
import { html, type TemplateResult } from 'lit/html.js';
import { NONE, type Attempt } from '../claiming/attempt.ts';
import { ClaimController } from '../claiming/claim.controller.ts';
import { attemptStorage } from '../claiming/kept-attempt.ts';
import { sessionStore } from '../claiming/session.ts';
import { PageLoader } from '../platform/page.loader.ts';
import { after, online, visible } from '../platform/browser.ts';
import { PlatformClient, type TokenSource } from '../platform/platform.client.ts';
import { WORDS } from '../words/languages.ts';
import { languageOf, type Language } from '../words/words.ts';
import { moduleTemplate, type Act, type Place } from './module.template.ts';
import {
  DAY_MS,
  nextTurn,
  viewOf,
  type Action,
  type ModuleView,
  type WidgetData,
  type WidgetModule,
  type WidgetQuote,
} from './module.view.ts';
import { noticeTemplate, unloadedTemplate } from './notice.template.ts';
import { PopupController, type Popup } from './popup.controller.ts';
import { popupTemplate } from './popup.template.ts';
import { RenderedElement } from './rendered.element.ts';
import styles from './voucher-claim.css?inline';
import { eventOf, resultOf, type EventName, type WidgetEventDetails } from './widget.events.ts';

/** The script comes from the platform, so its origin is the platform's. */
const OWN_ORIGIN = new URL(import.meta.url).origin;
const START_SPREAD_MS = 1_500;

const PROPERTIES = ['page', 'voucher', 'api', 'noPopup', 'token', 'data', 'quote'];
const style = new CSSStyleSheet();
style.replaceSync(styles);

export class VoucherClaim extends RenderedElement {
  static readonly observedAttributes = ['page', 'voucher', 'api', 'lang', 'theme', 'no-popup'];
  static {
    this.watch(PROPERTIES);
  }

  /** The page's slug. */
  declare page: string | undefined;
  /** The id of the only voucher to show; all of the page by default. */
  declare voucher: string | undefined;
  /** The origin of page-delivery; the script's own by default. */
  declare api: string | undefined;
  declare noPopup: boolean;
  /** A token with the scopes `pages:read claims:write`, or a function that returns one. */
  declare token: TokenSource;
  /** The page to show. With it, the widget sends no requests. */
  declare data: WidgetData | undefined;
  /** The quote of the page's order. A claimed voucher for which the order is too small says how much is missing. */
  declare quote: WidgetQuote | undefined;

  #loader: PageLoader | undefined;
  #client: PlatformClient | undefined;
  #popup: PopupController | undefined;
  #controllers = new Map<string, ClaimController>();
  #refused = new Map<string, [at: number, module: WidgetModule]>();
  #seen = new Set<string>();
  #heldFocus: string | undefined;
  #listening: AbortController | undefined;
  #cancelTick: (() => void) | undefined;

  constructor() {
    super();
    this.takeOver([...PROPERTIES, 'theme']);
  }

  connectedCallback(): void {
    this.connect(style);
    this.#listening = new AbortController();
    for (const event of ['online', 'offline', 'visibilitychange'])
      window.addEventListener(event, this.#wake, this.#listening);
    if (this.hasUpdated) this.#begin();
  }

  /** The attribute `lang` is `zh-CN` or `en`; by default the page's language counts. */
  attributeChangedCallback(name: string, _: string | null, value: string | null): void {
    if (name === 'page' || name === 'voucher' || name === 'api') this[name] = value ?? undefined;
    if (name === 'no-popup') this.noPopup = value !== null;
    this.requestUpdate();
  }

  disconnectedCallback(): void {
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
    if (this.#emit('claiming', { voucherId })) void controller?.press('claim', this.page);
  }

  protected override willUpdate(changed: ReadonlySet<string>): void {
    this.#heldFocus = this.shadowRoot?.activeElement?.id;
    if (!this.hasUpdated || changed.has('page') || changed.has('api') || changed.has('data')) this.#begin();
    else if (changed.has('token')) this.#wakeWithToken();
  }

  protected override render(): TemplateResult {
    const { language } = this;
    const words = WORDS[language];
    const data = this.#data;
    if (!data)
      return unloadedTemplate(
        this.#loader?.status ?? 'idle',
        words,
        () => this.#emit('token-needed', { pressed: true }),
        () => void this.refresh(),
      );
    const modules = this.#modules;
    const popup = this.#popup?.open;
    const popupModule = popup && modules.find(({ voucherId }) => voucherId === popup.voucherId);
    const act: Act = (...pressed) => this.#act(...pressed);
    return html`${modules.length === 0 ? noticeTemplate(words.empty) : null}
      <ul class="modules">
        ${modules.map((module) => moduleTemplate(module.voucherId, this.#viewOf(module), act))}
      </ul>
      ${popupTemplate(popup, popupModule && this.#viewOf(popupModule), words, act, () => this.#popup?.closed())}`;
  }

  protected override updated(): void {
    const dialog = this.shadowRoot!.querySelector('dialog');
    if (dialog && this.#popup?.open && !dialog.open) dialog.showModal();
    if (dialog?.open && !this.#popup?.open) dialog.close();
    // A button that became a link was replaced, so the link gets the focus. Of one that is gone the first one gets it.
    const root = this.shadowRoot!;
    const held = this.#heldFocus;
    if (held && !root.activeElement)
      (root.getElementById(held) ?? root.getElementById(held.replace('second', 'button')))?.focus();
    for (const module of this.#modules) this.#show(module);
    this.#schedule();
  }

  /** `light`, `dark` or `auto` (the system's); by default the page's color-scheme. */
  get theme(): string | undefined {
    return this.getAttribute('theme') ?? undefined;
  }
  set theme(theme: string | undefined) {
    this.toggleAttribute('theme', theme !== undefined);
    if (theme) this.setAttribute('theme', theme);
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
    this.#popup = new PopupController(session, ({ voucherId, trigger }, open) => {
      this.requestUpdate();
      this.#emit('popup', { voucherId, trigger, open });
    });
    if (this.data || !this.page) return;
    const dependencies = { client, after, online, visible, now: Date.now, newKey: () => crypto.randomUUID() };
    this.#newController = (voucherId) =>
      new ClaimController(
        voucherId,
        attemptStorage(session, `voucher-claim ${origin} ${voucherId}`),
        dependencies,
        (attempt) => this.#attemptChanged(voucherId, attempt),
      );
    this.#loader = new PageLoader({ client, after, online, visible }, (loader, problem) =>
      this.#loaded(loader, problem),
    );
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
    return viewOf(module, attempt, { language: this.language, now: this.#now, online: online(), quote: this.quote });
  }

  #act(voucherId: string, action: Action, place: Place): void {
    if (action === 'sign-in') this.#emit('token-needed', { pressed: true });
    if (action === 'sign-in' || action === 'none') return;
    const module = this.#modules.find((one) => one.voucherId === voucherId);
    const controller = this.#controllerOf(voucherId);
    if (action !== 'claim') {
      void controller?.press(action, this.page, action === 'extend' ? module?.claim?.id : undefined);
      return;
    }
    const asks = module?.operations.popup;
    const { status } = controller?.attempt ?? NONE;
    if (
      place === 'button' &&
      !this.noPopup &&
      asks?.trigger === 'on-claim' &&
      (status === 'none' || status === 'granted' || status === 'refused')
    )
      this.#popup?.show({ voucherId, trigger: 'on-claim', title: asks.title ?? '', text: asks.text ?? '' });
    else this.claim(voucherId);
  }

  #attemptChanged(voucherId: string, attempt: Attempt): void {
    this.requestUpdate();
    const { status } = attempt;
    const event = eventOf(attempt);
    if (event) this.#emit(event, { voucherId, pressed: false, ...resultOf(attempt) });
    if (status === 'refused') this.#keepRefused(voucherId, attempt.reason === 'paused' ? attempt.reason : 'ended');
    if (status === 'refused' || status === 'granted') void this.refresh();
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
    for (const { voucherId } of this.#modules) {
      const controller = this.#controllerOf(voucherId);
      controller?.pageLoaded();
      void controller?.resume();
    }
    const { popup } = data;
    const module = this.#modules.find(({ voucherId }) => voucherId === popup?.voucherId);
    if (popup?.trigger === 'on-load' && (module?.state === 'claimable' || module?.state === 'offered') && !this.noPopup)
      this.#popup?.propose(popup as Popup);
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

  #show(module: WidgetModule): void {
    const { voucherId, entry } = module;
    const { state } = this.#viewOf(module);
    if (this.#isNew(voucherId)) this.#emit('shown', { voucherId, state });
    if (state === 'offered' && this.#isNew(voucherId + entry?.offer?.at)) this.#emit('offered', { voucherId, entry });
  }

  #isNew(seen: string): boolean {
    return this.#seen.size < this.#seen.add(seen).size;
  }

  /** Renders again during a countdown, then loads the page. A random delay spreads the requests of many widgets. */
  #schedule(): void {
    this.#cancelTick?.();
    const now = this.#now;
    const turn = nextTurn(this.#modules, now);
    if (turn === Infinity || !visible()) return;
    const left = turn - now;
    this.#cancelTick = after(left > DAY_MS ? Math.min(left - DAY_MS, DAY_MS) : left % 1_000 || 1_000, () => {
      this.requestUpdate();
      if (turn <= this.#now) after(Math.random() * START_SPREAD_MS, () => void this.refresh());
    });
  }

  #emit<Name extends EventName>(name: Name, detail: WidgetEventDetails[`voucher-${Name}`]): boolean {
    const cancelable = name === 'claiming';
    return this.dispatchEvent(
      new CustomEvent(`voucher-${name}`, { detail, cancelable, bubbles: true, composed: true }),
    );
  }
}
