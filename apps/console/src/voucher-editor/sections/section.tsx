import type { ReactNode } from 'react';
import { useDraft } from '../draft/draft.context.ts';
import { isWithin } from '../draft/pointer.ts';
import { useWords } from '../editor-words.ts';

/** The sections of the editor with the fields of the spec that each one shows. */
export const SECTIONS = {
  basics: ['/name', '/description', '/resourceType', '/benefit'],
  nodes: ['/nodes'],
  quantities: ['/quantities'],
  windows: ['/windows'],
  operations: ['/operations'],
  labels: ['/labels'],
  pool: ['/pool', '/waitingList', '/notices', '/extension', '/clock'],
  goods: ['/goods'],
  teams: ['/redeemers', '/placements'],
} as const;
export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

/** The section that shows the field of a pointer. */
export const sectionOf = (pointer: string): SectionName | undefined =>
  SECTION_NAMES.find((name) => SECTIONS[name].some((field) => isWithin(pointer, field)));

/** A section with its heading. */
export function Section({ name, aside, children }: { name: SectionName; aside?: ReactNode; children: ReactNode }) {
  const words = useWords();
  return (
    <section id={name} aria-labelledby={`${name}-heading`} className="panel editor-section">
      <div className="row spread">
        <h2 id={`${name}-heading`}>{words(`sections.${name}`)}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Links to the sections. A dot marks sections with changes. */
export function SectionLinks() {
  const words = useWords();
  const changed = useDraft(({ changes }) => [...new Set(changes.map(({ pointer }) => sectionOf(pointer)))].join(' '));
  return (
    <nav className="editor-links" aria-label={words('sections.label')}>
      {SECTION_NAMES.map((name) => (
        <a key={name} href={`#${name}`}>
          {words(`sections.${name}`)}
          {changed.split(' ').includes(name) && (
            <span className="editor-dot" role="img" aria-label={words('sections.changed')} />
          )}
        </a>
      ))}
    </nav>
  );
}
