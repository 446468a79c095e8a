import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Action, ButtonView, ModuleView } from './module.view.ts';

/** The place of a button: in the voucher's card as its first or second one, or in the pop-up. */
export type Place = 'button' | 'second' | 'popup';
export type Act = (voucherId: string, action: Action, place: Place) => void;

/** A list item with one voucher of the page. */
export const moduleTemplate = (voucherId: string, view: ModuleView, act: Act): TemplateResult =>
  html`<li part="module" class="module" data-state=${view.state}>
    ${cardTemplate(
      `title-${voucherId}`,
      view,
      html`${buttonTemplate(voucherId, view, act)}${view.second && buttonTemplate(voucherId, view.second, act, 'second')}`,
    )}
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
export function buttonTemplate(
  voucherId: string,
  { label: text, action, href }: ButtonView & Partial<ModuleView>,
  act: Act,
  place: Place = 'button',
): TemplateResult {
  const id = `${place}-${voucherId}`;
  const names = `${id} ${place === 'popup' ? 'popup-' : ''}title-${voucherId}`;
  const label = html`<span dir="auto">${text}</span>`;
  return href
    ? html`<a part="button" class="button second" id=${id} href=${href} aria-labelledby=${names}>${label}</a>`
    : html`<button
        part="button"
        class="button ${place === 'second' || action === 'leave' ? 'second' : ''}"
        id=${id}
        aria-labelledby=${names}
        aria-disabled=${action === 'none'}
        @click=${() => act(voucherId, action, place)}
      >
        ${label}
      </button>`;
}
