import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { LoadStatus } from '../platform/page.loader.ts';
import type { Words } from '../words/words.ts';

/** Shown instead of vouchers: a sentence, and perhaps a button. */
export const noticeTemplate = (text: string, label?: string, act?: () => void): TemplateResult =>
  html`<div part="module" class="module notice">
    <p part="message" role="status">${text}</p>
    ${label ? html`<button part="button" class="button" @click=${act}>${label}</button>` : nothing}
  </div>`;

/** Placeholders with the size of the vouchers, while they are loaded. */
const skeletonTemplate = (label: string): TemplateResult =>
  html`<div class="modules" role="status" aria-label=${label}>
    ${[1, 2, 3].map(() => html`<div class="module skeleton"></div>`)}
  </div>`;

/** Shown while the page's data are not there. */
export function unloadedTemplate(
  status: LoadStatus,
  words: Words,
  signIn: () => void,
  retry: () => void,
): TemplateResult {
  if (status === 'offline') return noticeTemplate(words.offline);
  if (status === 'signed-out') return noticeTemplate(words.signedOut, words.labels[status], signIn);
  if (status === 'error') return noticeTemplate(words.failed, words.labels.error, retry);
  return skeletonTemplate(words.labels.loading);
}
