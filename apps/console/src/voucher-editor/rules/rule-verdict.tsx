// Says below an editor of CEL whether the text can be saved, and if not, why.
import { useQuery } from '@tanstack/react-query';
import { userAttributesQuery } from '../../api/queries.ts';
import { useFault } from '../draft/draft.context.ts';
import { useWords } from '../editor-words.ts';
import type { Checking } from './rule-check.ts';
import { unlistedIn } from './rule-names.ts';

interface Props {
  pointer: string;
  cel: string;
  locked: boolean;
  checking: Checking;
  textOf(error: Checking['errors'][number]): string;
}

export function RuleVerdict({ pointer, cel, locked, checking: { checked, errors, isFailed }, textOf }: Props) {
  const words = useWords();
  const fault = useFault(pointer);
  const { data: attributes } = useQuery(userAttributesQuery);
  return (
    <div role="status" className="rule-verdict">
      {checked?.ok && <span className="good">{words('rule.valid')}</span>}
      {checked?.ok &&
        attributes &&
        unlistedIn(cel, attributes.items).map((name) => (
          <p key={name} className="editor-warning">
            {words('rule.unlisted', { name })}
          </p>
        ))}
      {!checked && !locked && <span className="muted">{words(isFailed ? 'rule.unchecked' : 'rule.checking')}</span>}
      {errors.map((error) => (
        <p key={`${error.line}:${error.column}:${error.message}`} className="editor-fault">
          {textOf(error)}
        </p>
      ))}
      {fault && errors.length === 0 && <p className="editor-fault">{fault}</p>}
    </div>
  );
}
