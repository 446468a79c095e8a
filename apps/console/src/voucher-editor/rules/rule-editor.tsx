// Edits a node's condition in the builder or as CEL. CEL is the truth; a service checks it while the user types.
import { takesMoneyOff, type Node } from '@vouchers/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { userAttributesQuery } from '../../api/queries.ts';
import { currencyOf } from '../draft/benefit-currency.ts';
import { useEditing, useSpec, useValue } from '../draft/draft.context.ts';
import { fieldId } from '../draft/field-focus.ts';
import { useTranslation } from 'react-i18next';
import { faultShown } from '../../parts/fault-text.ts';
import { useWords } from '../editor-words.ts';
import { CelEditor } from './cel-editor.tsx';
import { RuleBuilder } from './rule-builder.tsx';
import { useRuleCheck } from './rule-check.ts';
import { namesFor } from './rule-names.ts';
import { RuleVerdict } from './rule-verdict.tsx';

/** Loaded with it, since both need the editor of CEL. */
export { RankEditor } from './rank-editor.tsx';

export default function RuleEditor({ node }: { node: Node }) {
  const words = useWords();
  const { t } = useTranslation();
  const { isLocked } = useEditing();
  const pointer = `/nodes/${node}/when`;
  const spec = useSpec();
  const locked = isLocked(pointer);
  const [when, setWhen] = useValue<string>(pointer);
  const { data: attributes } = useQuery(userAttributesQuery);
  const takenOff = takesMoneyOff(spec.benefit) ? currencyOf(spec) : undefined;
  const names = useMemo(() => namesFor(node, attributes?.items ?? [], takenOff), [node, attributes, takenOff]);
  const checking = useRuleCheck(node, when, !locked);
  return (
    <div className="rule-editor">
      <div>
        <h3>{words('rule.builder')}</h3>
        <RuleBuilder node={node} cel={when} names={names} locked={locked} onChange={setWhen} />
      </div>
      <div>
        <h3>{words('rule.cel')}</h3>
        <CelEditor
          id={fieldId(pointer)}
          label={words('rule.celLabel', { node: words(`node.${node}`) })}
          value={when}
          locked={locked}
          names={names}
          errors={checking.errors}
          onChange={setWhen}
        />
        {node === 'use' && <p className="muted">{words('rule.minor', { currency: currencyOf(spec) })}</p>}
        <RuleVerdict
          pointer={pointer}
          cel={when}
          locked={locked}
          checking={checking}
          textOf={({ line, column, ...error }) =>
            words('rule.at', { line, column, message: faultShown({ ...error, pointer }, t) })
          }
        />
      </div>
    </div>
  );
}
