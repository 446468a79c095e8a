import type { Node } from '@vouchers/contracts';
import { useEffect, useMemo, useState } from 'react';
import { QueryBuilder, type RuleType } from 'react-querybuilder';
import { useUnread } from '../draft/draft.context.ts';
import { useWords } from '../editor-words.ts';
import { celOf, drawable, drawingOf, OPERATORS, type Query, type Undrawable, type Writing } from './drawn-rule.ts';
import { CONTROLS, firstValue, operatorOptions, type RuleField } from './rule-controls.tsx';
import type { RuleName } from './rule-names.ts';

interface Props {
  node: Node;
  cel: string;
  names: readonly RuleName[];
  locked: boolean;
  onChange(cel: string): void;
}

const NO_CLASSES = {
  queryBuilder: 'rule-builder',
  ruleGroup: 'rule-group',
  rule: 'rule-row',
  body: 'rule-body',
  header: 'rule-header',
};

/** The condition as rules, if it can be drawn. An edit changes the CEL only if it converts back to the same rules. */
export function RuleBuilder({ node, cel, names, locked, onChange }: Props) {
  const words = useWords();
  const setUnread = useUnread(`/nodes/${node}/when`);
  // The builder's rules, and the CEL that they belong to. If the CEL was edited elsewhere, it is drawn again.
  const [edited, setEdited] = useState<{ query: Query; cel: string; writing: Writing }>();
  const fields = useMemo(() => fieldsOf(names, node), [names, node]);
  const offered = useMemo(() => drawable(names), [names]);
  const drawing = useMemo(() => drawingOf(node, cel, names), [node, cel, names]);
  const current = edited?.cel === cel ? edited : undefined;
  const fault = current && !('cel' in current.writing) ? current.writing : undefined;
  const told =
    fault && (fault.fault === 'value' ? words('rule.valueFault', { name: fault.name }) : words('rule.lostFault'));
  useEffect(() => setUnread(told === undefined ? undefined : { pointer: '', message: told }), [setUnread, told]);
  if (!current && 'why' in drawing)
    return (
      <p className="rule-only" role="status">
        <strong>{words('rule.onlyCel')}</strong> {whyShown(drawing, words)}
      </p>
    );
  const query = current?.query ?? (drawing as { query: Query }).query;
  const change = (next: Query): void => {
    const writing = celOf(node, next, names);
    // The builder also reports ids that it added. CEL with the same meaning is not rewritten.
    const before = celOf(node, query, names);
    const written = 'cel' in writing && !('cel' in before && before.cel === writing.cel) ? writing.cel : cel;
    setEdited({ query: next, cel: written, writing });
    if (written !== cel) onChange(written);
  };
  return (
    <>
      <QueryBuilder<Query & object, RuleField, never, never>
        query={query}
        onQueryChange={(next) => !locked && change(next as Query)}
        fields={fields as never}
        getOperators={(name) =>
          operatorOptions(OPERATORS[offered.find((one) => one.name === name)?.type ?? 'string'], words) as never
        }
        getDefaultValue={(rule: RuleType) =>
          firstValue(
            offered.find(({ name }) => name === rule.field)!,
            rule.operator,
          )
        }
        combinators={
          [
            { name: 'and', label: words('rule.all') },
            { name: 'or', label: words('rule.any') },
          ] as never
        }
        controlElements={CONTROLS as never}
        controlClassnames={NO_CLASSES}
        disabled={locked}
        showNotToggle
        resetOnFieldChange
        resetOnOperatorChange
        addRuleToNewGroups
        suppressStandardClassnames
        accessibleDescriptionGenerator={() => words('rule.builder')}
      />
      {query.rules.length === 0 && (
        <p className="muted">{words('rule.none', { value: node === 'terminate' ? 'false' : 'true' })}</p>
      )}
      {told && (
        <p className="editor-fault" role="alert">
          {told}
        </p>
      )}
    </>
  );
}

const fieldsOf = (names: readonly RuleName[], node: Node): RuleField[] =>
  drawable(names).map((rule) => ({ name: rule.name, value: rule.name, label: rule.name, rule, node }));

function whyShown(drawing: Undrawable, words: ReturnType<typeof useWords>): string {
  switch (drawing.why) {
    case 'unreadable':
      return words('rule.unreadable');
    case 'lost':
      return words('rule.lost');
    case 'name':
      return words('rule.unknownName', { name: drawing.name });
    case 'value':
      return words('rule.unknownValue', { name: drawing.name });
  }
}
