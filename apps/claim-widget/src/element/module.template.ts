import { html, nothing, type TemplateResult } from 'lit';
import type { ModuleView } from './module.view.ts';

export type Act = (voucherId: string, view: ModuleView, inPopup: boolean) => void;

/** A list item with one voucher of the page. */
export const moduleTemplate = (voucherId: string, view: ModuleView, act: Act): TemplateResult =>
  html`<li part="module" class="module" data-state=${view.state}>
    ${cardTemplate(`title-${voucherId}`, view, buttonTemplate(voucherId, view, false, act))}
  </li>`;

/** The voucher's worth, name, terms and message. Screen readers read the message when it changes. */
export const cardTemplate = (
  titleId: string,
  { worth: { figure, unit, note }, title, description, terms, message, tone }: ModuleView,
  button?: TemplateResult,
): TemplateResult =>
  html`<div part="benefit" class="benefit">
      ${figure ? html`<b>${figure}</b>` : nothing}
      <span>${unit}</span>
      ${note ? html`<span class="note" dir="auto">${note}</span>` : nothing}
    </div>
    <div class="body">
      <div class="about">
        <h2 part="title" class="title" id=${titleId} dir="auto">${title}</h2>
        <p part="terms" class="terms"><span class="note" dir="auto">${description}</span>${terms}</p>
        <p part="message" class="message ${tone}" role="status" dir="auto">${message}</p>
      </div>
      ${button}
    </div>`;

/** A disabled button must keep its place and the focus, so it is `aria-disabled` instead of `disabled`. */
export function buttonTemplate(voucherId: string, view: ModuleView, inPopup: boolean, act: Act): TemplateResult {
  const id = `${inPopup ? 'popup' : 'button'}-${voucherId}`;
  const names = `${id} ${inPopup ? 'popup-' : ''}title-${voucherId}`;
  const label = html`<span dir="auto">${view.label}</span>`;
  return view.href
    ? html`<a part="button" class="button second" id=${id} href=${view.href} aria-labelledby=${names}>${label}</a>`
    : html`<button
        part="button"
        class="button"
        id=${id}
        aria-labelledby=${names}
        aria-disabled=${view.action === 'none'}
        @click=${() => act(voucherId, view, inPopup)}
      >
        ${label}
      </button>`;
}
