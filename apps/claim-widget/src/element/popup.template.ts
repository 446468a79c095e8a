import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Words } from '../words/words.ts';
import { buttonTemplate, cardTemplate, type Act } from './module.template.ts';
import type { ModuleView } from './module.view.ts';
import type { Popup } from './popup.controller.ts';

/**
 * The dialog; empty while it is closed. Its title gets the focus, so that an accidental Enter claims nothing.
 */
export function popupTemplate(
  popup: Popup | undefined,
  view: ModuleView | undefined,
  words: Words,
  act: Act,
  closed: () => void,
): TemplateResult {
  const close = (event: Event) => (event.currentTarget as Element).closest('dialog')!.close();
  return html`<dialog part="popup" class="popup" aria-labelledby="heading" closedby="any" @close=${closed}>
    ${
      popup && view
        ? html`<div class="bar">
              <h2 id="heading" class="heading" tabindex="-1" autofocus dir="auto">
                ${popup.title || words.popupTitle}
              </h2>
              <button part="close" class="close" aria-label=${words.close} @click=${close}>×</button>
            </div>
            <div class="scroll" tabindex="0">
              <p class="text" dir="auto">${popup.text}</p>
              <div class="module">${cardTemplate(`popup-title-${popup.voucherId}`, view)}</div>
            </div>
            <div class="bar">
              ${buttonTemplate(popup.voucherId, view, act, 'popup')}
              <button class="button second" @click=${close}>
                ${view.action === 'claim' ? words.decline : words.close}
              </button>
            </div>`
        : nothing
    }
  </dialog>`;
}
