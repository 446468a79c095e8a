import { html, nothing, type TemplateResult } from 'lit';

/** Shown instead of vouchers: a sentence, and perhaps a button. */
export const noticeTemplate = (text: string, label?: string, act?: () => void): TemplateResult =>
  html`<div part="module" class="module notice">
    <p part="message" role="status">${text}</p>
    ${label ? html`<button part="button" class="button" @click=${act}>${label}</button>` : nothing}
  </div>`;

/** Placeholders with the size of the vouchers, while they are loaded. */
export const skeletonTemplate = (label: string): TemplateResult =>
  html`<div class="modules" role="status" aria-label=${label}>
    ${[1, 2, 3].map(() => html`<div class="module skeleton"></div>`)}
  </div>`;
