import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../words/words.ts';
import { buttonTemplate, messageTemplate, termsTemplate, worthTemplate, type Act } from './module.template.ts';
import type { ModuleView } from './module.view.ts';
import type { Popup } from './popup.controller.ts';

/** The dialog; empty while nothing is open. Its title takes the focus, so that a stray Enter claims nothing. */
export function popupTemplate(
  popup: Popup | undefined,
  view: ModuleView | undefined,
  words: Words,
  act: Act,
  closed: () => void,
): TemplateResult {
  const close = (event: Event) => (event.currentTarget as Element).closest('dialog')?.close();
  return html`<dialog part="popup" class="popup" aria-labelledby="popup-heading" closedby="any" @close=${closed}>
    ${
      popup && view
        ? html`<div class="bar">
              <h2 id="popup-heading" class="heading" tabindex="-1" autofocus dir="auto">
                ${popup.title || words.popupTitle}
              </h2>
              <button part="close" class="close" type="button" aria-label=${words.close} @click=${close}>×</button>
            </div>
            <div class="scroll" tabindex=${popup.text.length > 120 ? 0 : -1}>
              ${popup.text ? html`<p class="text" dir="auto">${popup.text}</p>` : nothing}
              <div class="module" data-state=${view.state}>
                ${worthTemplate(view)}
                <div class="body">
                  <div class="about">
                    <p class="title" id="popup-title-${popup.voucherId}" dir="auto">${view.title}</p>
                    ${termsTemplate(view)}
                  </div>
                </div>
              </div>
            </div>
            ${messageTemplate(view)}
            <div class="bar">
              ${buttonTemplate(popup.voucherId, view, true, act)}
              <button class="button second" type="button" @click=${close}>
                ${view.action === 'claim' ? words.decline : words.close}
              </button>
            </div>`
        : nothing
    }
  </dialog>`;
}
