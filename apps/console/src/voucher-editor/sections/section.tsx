import { useState, type ReactNode } from 'react';
import { useDraft } from '../draft/draft.context.ts';
import { isWithin } from '../draft/pointer.ts';
import { useWords } from '../editor-words.ts';

/** The sections of the editor with the fields of the spec that each one shows. */
export const SECTIONS = {
  basics: ['/name', '/description', '/resourceType', '/benefit', '/combine'],
  nodes: ['/nodes/claim', '/nodes/use'],
  quantities: ['/quantities'],
  windows: ['/windows'],
  operations: ['/operations'],
  labels: ['/labels'],
  till: [],
  life: ['/nodes/enable', '/nodes/terminate'],
  pool: ['/pool', '/waitingList', '/notices', '/extension', '/clock'],
  goods: ['/goods'],
  teams: ['/redeemers', '/placements'],
} as const;
export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];
/** The sections that most vouchers leave as they are. They come last, and are closed at first. */
const ADVANCED: readonly SectionName[] = ['life', 'pool', 'goods', 'teams'];
export const isAdvanced = (pointer: string): boolean => ADVANCED.includes(sectionOf(pointer)!);

/** The section that shows the field of a pointer. */
export const sectionOf = (pointer: string): SectionName | undefined =>
  SECTION_NAMES.find((name) => (SECTIONS[name] as readonly string[]).some((field) => isWithin(pointer, field)));

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

/** The advanced sections. Their fields are made once they are opened, and stay then. */
export function Advanced({
  isOpen,
  onToggle,
  children,
}: {
  isOpen: boolean;
  onToggle(isOpen: boolean): void;
  children: ReactNode;
}) {
  const words = useWords();
  const [wasOpen, setWasOpen] = useState(isOpen);
  if (isOpen && !wasOpen) setWasOpen(true);
  return (
    <details id="advanced" open={isOpen} onToggle={({ currentTarget }) => onToggle(currentTarget.open)}>
      <summary>
        <h2>{words('sections.advanced')}</h2>{' '}
        <span className="muted">{ADVANCED.map((name) => words(`sections.${name}`)).join(' · ')}</span>
      </summary>
      {wasOpen && <div className="stack">{children}</div>}
    </details>
  );
}

/** Links to the sections. A dot marks sections with changes. */
export function SectionLinks({ onAdvanced }: { onAdvanced(): void }) {
  const words = useWords();
  const changed = useDraft(({ changes }) => [...new Set(changes.map(({ pointer }) => sectionOf(pointer)))].join(' '));
  return (
    <nav className="editor-links" aria-label={words('sections.label')}>
      {SECTION_NAMES.map((name) => (
        <a
          key={name}
          href={`#${name}`}
          onClick={(event) => {
            if (!ADVANCED.includes(name)) return;
            event.preventDefault();
            onAdvanced();
            // First the section is rendered.
            setTimeout(() => document.getElementById(name)?.scrollIntoView(), 60);
          }}
        >
          {words(`sections.${name}`)}
          {changed.split(' ').includes(name) && (
            <span className="editor-dot" role="img" aria-label={words('sections.changed')} />
          )}
        </a>
      ))}
    </nav>
  );
}
