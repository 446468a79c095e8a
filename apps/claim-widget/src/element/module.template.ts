import { html, nothing, type TemplateResult } from 'lit';
import type { ModuleView } from './module.view.ts';

export type Act = (voucherId: string, view: ModuleView, inPopup: boolean) => void;

/** One voucher of a page. */
export const moduleTemplate = (voucherId: string, view: ModuleView, act: Act): TemplateResult =>
  html`<li part="module" class="module" data-state=${view.state}>
    ${worthTemplate(view)}
    <div class="body">
      <div class="about">
        <h2 part="title" class="title" id="title-${voucherId}" dir="auto">${view.title}</h2>
        ${termsTemplate(view)}${messageTemplate(view)}
      </div>
      ${buttonTemplate(voucherId, view, false, act)}
    </div>
  </li>`;

/** What the voucher is worth. */
export const worthTemplate = ({ worth: { figure, unit, note } }: ModuleView): TemplateResult =>
  html`<div part="benefit" class="benefit">
    ${figure ? html`<b class=${figure.length > 5 ? 'figure long' : 'figure'}>${figure}</b>` : nothing}
    <span class=${figure ? '' : 'kind'}>${unit}</span>
    ${note ? html`<span class="note" dir="auto">${note}</span>` : nothing}
  </div>`;

export const termsTemplate = ({ terms }: ModuleView): TemplateResult | typeof nothing =>
  terms ? html`<p part="terms" class="terms">${terms}</p>` : nothing;

/** What became of it, read out when it changes. */
export const messageTemplate = ({ message, tone }: ModuleView): TemplateResult =>
  html`<p part="message" class="message ${tone}" role="status" dir="auto">${message}</p>`;

/** A button that is not to be pressed keeps its place and the focus: aria-disabled. */
export function buttonTemplate(voucherId: string, view: ModuleView, inPopup: boolean, act: Act): TemplateResult {
  const id = `${inPopup ? 'popup' : 'button'}-${voucherId}`;
  const names = `${id} ${inPopup ? 'popup-' : ''}title-${voucherId}`;
  const label = html`<span dir="auto">${view.label}</span>`;
  return view.href
    ? html`<a part="button" class="button second" id=${id} href=${view.href} aria-labelledby=${names}>${label}</a>`
    : html`<button
        part="button"
        class="button"
        type="button"
        id=${id}
        aria-labelledby=${names}
        aria-disabled=${view.action === 'none'}
        @click=${() => act(voucherId, view, inPopup)}
      >
        ${label}
      </button>`;
}
