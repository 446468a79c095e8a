// Accessibility faults of a page, found by axe.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const COLOURS = ['color-contrast', 'link-in-text-block'];
/** Rules whose result depends on the language: names, labels, the declared language. */
const NAMES = [
  'aria-command-name',
  'aria-dialog-name',
  'aria-input-field-name',
  'aria-toggle-field-name',
  'button-name',
  'document-title',
  'empty-heading',
  'html-has-lang',
  'html-lang-valid',
  'label',
  'label-content-name-mismatch',
  'link-name',
  'select-name',
  'valid-lang',
];

const RUN_ONLY = {
  all: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  colours: { type: 'rule', values: COLOURS },
  'words and colours': { type: 'rule', values: [...NAMES, ...COLOURS] },
} satisfies Record<string, { type: 'tag' | 'rule'; values: string[] }>;

/** A set of rules: all of WCAG 2.2 AA, or only those whose result depends on colours, or on words and colours. */
export type Rules = keyof typeof RUN_ONLY;

/** A serious or critical fault, with the first elements that have it. */
export interface AxeFault {
  id: string;
  elements: string[];
}

/** Finds the serious and critical faults of the page in its present state. */
export async function axeFaults(page: Page, rules: Rules = 'all'): Promise<AxeFault[]> {
  const { violations } = await new AxeBuilder({ page })
    // One frame. Otherwise each run opens a page of its own to gather the results.
    .setLegacyMode()
    .options({ runOnly: RUN_ONLY[rules], resultTypes: ['violations'], preload: false })
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({
      id,
      elements: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 300)}\n${failureSummary}`),
    }));
}
