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

/** The node that decides who may claim comes first. */
export const NODES: readonly Node[] = ['claim', 'use', 'enable', 'terminate'];

const RuleEditor = lazy(() => import('./rule-editor.tsx'));

interface Props {
  node: Node;
  onNode(node: Node): void;
}

export function NodesSection({ node, onNode }: Props) {
  const words = useWords();
  const changed = useDraft(({ changes }) =>
    NODES.filter((one) => changes.some(({ pointer }) => isWithin(pointer, `/nodes/${one}`))).join(' '),
  );
  return (
    <Section name="nodes">
      <p className="muted">{words('node.help')}</p>
      <Tabs
        activeKey={node}
        onChange={(key) => onNode(key as Node)}
        aria-label={words('node.label')}
        items={NODES.map((one) => ({
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
