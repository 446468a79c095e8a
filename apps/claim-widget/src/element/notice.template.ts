import { html, nothing, type TemplateResult } from 'lit';

/** In place of vouchers: a sentence, and what one may do about it. */
export const noticeTemplate = (text: string, label?: string, act?: () => void): TemplateResult =>
  html`<div part="module" class="module notice">
    <p part="message" role="status">${text}</p>
    ${label ? html`<button part="button" class="button" @click=${act}>${label}</button>` : nothing}
  </div>`;

/** In the size of what comes. */
export const skeletonTemplate = (label: string): TemplateResult =>
  html`<div class="modules" role="status" aria-label=${label}>
    ${[1, 2, 3].map(() => html`<div class="module skeleton"></div>`)}
  </div>`;
