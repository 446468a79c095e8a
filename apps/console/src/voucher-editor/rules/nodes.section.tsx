import type { Node, Nodes } from '@vouchers/contracts';
import { Select, Tabs } from 'antd';
import { lazy, Suspense } from 'react';
import { Placeholder } from '../../parts/placeholder.tsx';
import { useDraft } from '../draft/draft.context.ts';
import { Field } from '../draft/field.tsx';
import { isWithin } from '../draft/pointer.ts';
import { useWords } from '../editor-words.ts';
import { LimitInput } from '../sections/inputs.tsx';
import { RecordField } from './record-field.tsx';
import { Section } from '../sections/section.tsx';
import { TrialGrid } from '../trial/trial-grid.tsx';

/** The nodes of each section. Most vouchers have rules only for those who claim and use them. */
export const NODES_OF = { nodes: ['claim', 'use'], life: ['enable', 'terminate'] } as const;

const RuleEditor = lazy(() => import('./rule-editor.tsx'));

interface Props {
  section: keyof typeof NODES_OF;
  node: Node;
  onNode(node: Node): void;
}

/** The section before its fields are made. */
export function NodesBefore() {
  const words = useWords();
  return (
    <Section name="nodes">
      <p className="muted">{words('node.help')}</p>
      <Placeholder rows={3} height={240} />
    </Section>
  );
}

export function NodesSection({ section, node, onNode }: Props) {
  const words = useWords();
  const nodes: readonly Node[] = NODES_OF[section];
  const changed = useDraft(({ changes }) =>
    nodes.filter((one) => changes.some(({ pointer }) => isWithin(pointer, `/nodes/${one}`))).join(' '),
  );
  return (
    <Section name={section}>
      {section === 'nodes' && <p className="muted">{words('node.help')}</p>}
      <Tabs
        activeKey={node}
        onChange={(key) => onNode(key as Node)}
        aria-label={words(`sections.${section}`)}
        items={nodes.map((one) => ({
          key: one,
          label: (
            <>
              {words(`node.${one}`)}
              {changed.split(' ').includes(one) && (
                <span className="editor-dot" role="img" aria-label={words('sections.changed')} />
              )}
            </>
          ),
        }))}
      />
      <p className="muted">{words(`node.${node}Text`)}</p>
      <Suspense fallback={<Placeholder height={160} />}>
        <RuleEditor key={node} node={node} />
      </Suspense>
      <NodeFields node={node} />
      <TrialGrid key={node} node={node} />
    </Section>
  );
}

function NodeFields({ node }: { node: Node }) {
  const words = useWords();
  switch (node) {
    case 'enable':
      return null;
    case 'claim':
      return (
        <>
          <LimitField pointer="/nodes/claim/perUser" label={words('node.perUser')} />
          <RecordField node="claim" />
        </>
      );
    case 'use':
      return (
        <>
          <LimitField pointer="/nodes/use/perClaim" label={words('node.perClaim')} />
          <RecordField node="use" />
        </>
      );
    case 'terminate':
      return (
        <div className="editor-fields">
          <Field<Nodes['terminate']['claims']> pointer="/nodes/terminate/claims" label={words('node.claims')}>
            {(value, set, props) => (
              <Select
                {...props}
                value={value}
                onChange={set}
                options={(['honour', 'revoke'] as const).map((one) => ({ value: one, label: words(`node.${one}`) }))}
              />
            )}
          </Field>
        </div>
      );
  }
}

function LimitField({ pointer, label }: { pointer: string; label: string }) {
  return (
    <div className="editor-fields">
      <Field<number | null> pointer={pointer} label={label}>
        {(value, set, props) => <LimitInput {...props} pointer={pointer} value={value} onChange={set} />}
      </Field>
    </div>
  );
}
