// <my-vouchers> lists everything that a user has claimed, and shows a claim at a till.
import type { ClaimListed, List } from '@vouchers/contracts';
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import { RenderedElement } from '../element/rendered.element.ts';
import widgetStyles from '../element/voucher-claim.css?inline';
import { PlatformClient, type TokenSource } from '../platform/platform.client.ts';
import { WORDS } from '../words/languages.ts';
import { languageOf, type Language } from '../words/words.ts';
import { myClaimView, type MyClaimView } from './my-claim.view.ts';
import styles from './my-vouchers.css?inline';
import { MY_WORDS } from './my-words.ts';
import type { DrawnCode, drawnCode } from './qr-code.ts';

const OWN = import.meta.url;
const PAGE = 50;
/** A till may use the claim meanwhile, so the list is loaded again when its user comes back. */
const STALE_MS = 10_000;

const style = new CSSStyleSheet();
style.replaceSync(widgetStyles + styles);

type Status = 'loading' | 'loaded' | 'signed-out' | 'failed';

export class MyVouchers extends RenderedElement {
  static {
    this.watch(['token']);
  }

  /** A token with the scope `claims:write`, or a function that returns one. */
  declare token: TokenSource;

  #client = new PlatformClient(new URL(OWN).origin, () => this.token);
  #status: Status = 'loading';
  #claims: readonly ClaimListed[] = [];
  #next: string | null = null;
  #loadedAt = 0;
  /** The claim that is shown at the till, with its code once that is drawn. */
  #shown: { claim: MyClaimView; code: DrawnCode | undefined } | undefined;
  #listening: AbortController | undefined;

  constructor() {
    super();
    this.takeOver(['token']);
  }

  connectedCallback(): void {
    this.#listening = new AbortController();
    document.addEventListener('visibilitychange', () => void this.#wake(), this.#listening);
    this.connect(style);
  }

  disconnectedCallback(): void {
    this.#listening?.abort();
  }

  protected override willUpdate(changed: ReadonlySet<string>): void {
    if (changed.has('token')) void this.#load();
  }

  protected override render(): TemplateResult {
    const [words, mine] = [WORDS[this.#language], MY_WORDS[this.#language]];
    if (this.#status === 'signed-out')
      return this.#notice(mine.signedOut, mine.signedOutText, words.labels['signed-out'], () =>
        this.dispatchEvent(new CustomEvent('voucher-token-needed', { detail: { pressed: true }, bubbles: true })),
      );
    if (this.#status === 'failed') return this.#notice(words.failed, '', words.labels.error, () => void this.#load());
    if (this.#status === 'loading' && this.#claims.length === 0)
      return html`<div class="modules" role="status" aria-label=${words.labels.loading}>
        ${[1, 2].map(() => html`<div class="module skeleton"></div>`)}
      </div>`;
    if (this.#claims.length === 0) return this.#notice(mine.nothing, mine.nothingText);
    const views = this.#claims.map((claim) => myClaimView(claim, this.#language, this.#client.now()));
    return html`${this.#section(
      mine.ready,
      views.filter(({ isLive }) => isLive),
    )}
    ${this.#section(
      mine.over,
      views.filter(({ isLive }) => !isLive),
    )}
    ${
      this.#next
        ? html`<button class="button second more" @click=${() => void this.#load(this.#next)}>${mine.more}</button>`
        : nothing
    }
    ${this.#till()}`;
  }

  protected override updated(): void {
    const dialog = this.shadowRoot!.querySelector('dialog');
    if (dialog && this.#shown && !dialog.open) dialog.showModal();
  }

  get #language(): Language {
    return languageOf(document.documentElement.lang);
  }

  #notice(title: string, text: string, label?: string, act?: () => void): TemplateResult {
    return html`<div class="page-notice">
      <h2>${title}</h2>
      ${text ? html`<p>${text}</p>` : nothing}
      ${label ? html`<button class="button" @click=${act}>${label}</button>` : nothing}
    </div>`;
  }

  #section(title: string, views: readonly MyClaimView[]): TemplateResult | typeof nothing {
    if (views.length === 0) return nothing;
    return html`<h2 class="section">${title}</h2>
      <ul class="modules">
        ${views.map((view) => this.#card(view))}
      </ul>`;
  }

  #card(view: MyClaimView): TemplateResult {
    const { id, isLive, worth, title, description, terms, state, href } = view;
    const mine = MY_WORDS[this.#language];
    const label = `title-${id}`;
    return html`<li class="module ${isLive ? '' : 'over'}">
      <div class="benefit">
        ${worth.figure ? html`<b>${worth.figure}</b>` : nothing}
        <span>${worth.unit}</span>
        ${worth.note ? html`<span class="note" dir="auto">${worth.note}</span>` : nothing}
      </div>
      <div class="body">
        <div class="about">
          <h3 class="title" id=${label} dir="auto">${title}</h3>
          <p class="terms"><span class="note" dir="auto">${description}</span>${terms}</p>
          <p class="message">${state}</p>
        </div>
        ${
          isLive
            ? html`<div class="actions">
                <button
                  class="button"
                  id="show-${id}"
                  aria-labelledby="show-${id} ${label}"
                  @click=${() => this.#show(view)}
                >
                  <span>${mine.show}</span>
                </button>
                ${
                  href
                    ? html`<a class="button second" id="use-${id}" href=${href} aria-labelledby="use-${id} ${label}"
                        ><span>${WORDS[this.#language].useNow}</span></a
                      >`
                    : nothing
                }
              </div>`
            : nothing
        }
      </div>
    </li>`;
  }

  #till(): TemplateResult | typeof nothing {
    if (!this.#shown) return nothing;
    const { claim, code } = this.#shown;
    const [words, mine] = [WORDS[this.#language], MY_WORDS[this.#language]];
    return html`<dialog class="popup" aria-labelledby="till" @close=${() => this.#show(undefined)}>
      <div class="bar">
        <h2 class="heading" id="till" dir="auto" tabindex="-1" autofocus>${claim.title}</h2>
        <button class="close" aria-label=${words.close} @click=${this.#close}>×</button>
      </div>
      <div class="code">
        ${code ? drawn(code, claim.id) : nothing}
        <code>${claim.id}</code>
        <p class="terms">${mine.showText}</p>
      </div>
    </dialog>`;
  }

  readonly #close = (): void => this.shadowRoot!.querySelector('dialog')?.close();

  #show(claim: MyClaimView | undefined): void {
    this.#shown = claim && { claim, code: undefined };
    this.requestUpdate();
    if (claim) void this.#draw(claim);
  }

  /** The code's script is loaded with the first claim that is shown. Without it, the id is there as text. */
  async #draw(claim: MyClaimView): Promise<void> {
    const script = (await import(/* @vite-ignore */ new URL('/qr-code.js', OWN).href)) as {
      drawnCode: typeof drawnCode;
    };
    if (this.#shown?.claim !== claim) return;
    this.#shown = { claim, code: script.drawnCode(claim.id) };
    this.requestUpdate();
  }

  async #wake(): Promise<void> {
    if (document.visibilityState !== 'visible' || Date.now() - this.#loadedAt < STALE_MS) return;
    if (this.#status === 'loaded') await this.#load();
  }

  async #load(after: string | null = null): Promise<void> {
    const query = `claims?include=voucher&limit=${PAGE}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
    const answer = await this.#client.read<List<ClaimListed>>(query);
    const { items, next = null } = (answer.type === 'answered' && answer.status === 200 && answer.body) || {};
    if (items) {
      this.#claims = after === null ? items : [...this.#claims, ...items];
      this.#next = next;
      this.#loadedAt = Date.now();
    }
    this.#status = items ? 'loaded' : answer.type === 'signed-out' ? 'signed-out' : 'failed';
    this.requestUpdate();
  }
}

/** Black on white in any theme, with the white rim that scanners need. */
const drawn = ({ size, path }: DrawnCode, id: string): TemplateResult =>
  html`<svg viewBox="-4 -4 ${size + 8} ${size + 8}" role="img" aria-label=${id} shape-rendering="crispEdges">
    ${svg`<path d=${path} fill="#000"></path>`}
  </svg>`;

customElements.define('my-vouchers', MyVouchers);
