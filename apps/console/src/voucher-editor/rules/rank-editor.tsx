// Edits the rank of a waiting list, as lines or as CEL. CEL is the truth; a service checks it while the user types.
import { takesMoneyOff } from '@vouchers/contracts';
import { useQuery } from '@tanstack/react-query';
import { Input, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { userAttributesQuery } from '../../api/queries.ts';
import { Button } from '../../parts/button.tsx';
import { faultShown } from '../../parts/fault-text.ts';
import { currencyOf } from '../draft/benefit-currency.ts';
import { useEditing, useSpec, useUnread, useValue } from '../draft/draft.context.ts';
import { fieldId } from '../draft/field-focus.ts';
import { useWords } from '../editor-words.ts';
import { NumberField } from '../numbers/number-field.tsx';
import { CelEditor } from './cel-editor.tsx';
import { celOf, linesOf, type RankLine } from './rank-lines.ts';
import { useRuleCheck } from './rule-check.ts';
import { namesFor } from './rule-names.ts';
import { RuleVerdict } from './rule-verdict.tsx';

const POINTER = '/waitingList/rank';

export function RankEditor() {
  const words = useWords();
  const { t } = useTranslation();
  const { isLocked } = useEditing();
  const locked = isLocked(POINTER);
  const [rank, setRank] = useValue<string>(POINTER);
  const { data: attributes } = useQuery(userAttributesQuery);
  const spec = useSpec();
  const takenOff = takesMoneyOff(spec.benefit) ? currencyOf(spec) : undefined;
  const names = useMemo(() => namesFor('claim', attributes?.items ?? [], takenOff), [attributes, takenOff]);
  const checking = useRuleCheck('rank', rank, !locked);
  // A line that is being typed may not be CEL yet, so the typed lines stay while they say the same.
  const [typed, setTyped] = useState<readonly RankLine[]>();
  const lines = typed && celOf(typed) === rank ? typed : linesOf(rank);
  const [asCel, setAsCel] = useState(false);
  const put = (next: readonly RankLine[]): void => {
    setTyped(next);
    setRank(celOf(next));
  };
  return (
    <div className="stack rank-editor">
      <div className="row spread">
        <h3>{words('rank.label')}</h3>
        <Segmented
          size="small"
          aria-label={words('rank.label')}
          value={asCel || !lines ? 'cel' : 'lines'}
          onChange={(choice) => setAsCel(choice === 'cel')}
          options={(['lines', 'cel'] as const).map((value) => ({
            value,
            label: words(`rank.${value}`),
            disabled: value === 'lines' && !lines,
          }))}
        />
      </div>
      <p className="muted">{words(lines ? 'rank.text' : 'rank.onlyCel')}</p>
      {asCel || !lines ? (
        <CelEditor
          id={fieldId(POINTER)}
          label={words('rank.celLabel')}
          value={rank}
          locked={locked}
          names={names}
          errors={checking.errors}
          onChange={setRank}
        />
      ) : (
        <Lines lines={lines} locked={locked} onChange={put} />
      )}
      <RuleVerdict
        pointer={POINTER}
        cel={rank}
        locked={locked}
        checking={checking}
        textOf={(error) => faultShown({ ...error, pointer: POINTER }, t)}
      />
    </div>
  );
}

interface LinesProps {
  lines: readonly RankLine[];
  locked: boolean;
  onChange(lines: readonly RankLine[]): void;
}

function Lines({ lines, locked, onChange }: LinesProps) {
  const words = useWords();
  const setUnread = useUnread(POINTER);
  const put = (index: number, change: Partial<RankLine>): void =>
    onChange(lines.with(index, { ...lines[index]!, ...change }));
  return (
    <>
      <ol className="rank-lines">
        {lines.map(({ when, rank }, index) => {
          const number = index + 1;
          return (
            <li key={index}>
              <Input
                id={index === 0 ? fieldId(POINTER) : undefined}
                className="cel-line"
                aria-label={words('rank.condition', { number })}
                disabled={locked}
                value={when}
                spellCheck={false}
                onChange={({ target }) => put(index, { when: target.value })}
              />
              <span aria-hidden>→</span>
              <NumberField
                aria-label={words('rank.number', { number })}
                disabled={locked}
                needed
                least={-1_000}
                most={1_000}
                value={rank}
                onFault={setUnread}
                onChange={(next) => put(index, { rank: next ?? 0 })}
              />
              <Button
                size="small"
                disabled={locked}
                aria-label={words('rank.remove', { number })}
                onClick={() => onChange(lines.toSpliced(index, 1))}
              >
                ×
              </Button>
            </li>
          );
        })}
      </ol>
      <div className="row">
        <Button size="small" disabled={locked} onClick={() => onChange([...lines, { when: 'true', rank: 1 }])}>
          {words('rank.add')}
        </Button>
        <span className="muted">{words(lines.length > 0 ? 'rank.otherwise' : 'rank.none')}</span>
      </div>
    </>
  );
}
