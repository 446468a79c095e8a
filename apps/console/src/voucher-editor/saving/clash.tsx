// Shown if somebody else saved meanwhile. The user decides about fields that both changed; the others are merged.
import { Alert, Segmented } from 'antd';
import type { Merge } from '../draft/changes.ts';
import { fieldName } from '../draft/field-names.ts';
import { useWords } from '../editor-words.ts';
import { valueShown } from './changes-table.tsx';

export type Choices = Readonly<Record<string, 'mine' | 'theirs'>>;

interface Props {
  merge: Merge;
  version: number;
  choices: Choices;
  onChoose(pointer: string, whose: 'mine' | 'theirs'): void;
}

export function ClashView({ merge, version, choices, onChoose }: Props) {
  const words = useWords();
  const { clashes, merged, theirs } = merge;
  return (
    <>
      <Alert
        type="warning"
        showIcon
        title={words('clash.title', { version })}
        description={words(clashes.length > 0 ? 'clash.ask' : 'clash.clean')}
      />
      {clashes.length > 0 && (
        <div className="scrolls">
          <table className="plain review-table">
            <thead>
              <tr>
                <th scope="col">{words('review.field')}</th>
                {(['base', 'mine', 'theirs'] as const).map((whose) => (
                  <th scope="col" key={whose}>
                    {words(`clash.${whose}`)}
                  </th>
                ))}
                <th />
              </tr>
            </thead>
            <tbody>
              {clashes.map((clash) => {
                const field = fieldName(clash.pointer, words);
                return (
                  <tr key={clash.pointer}>
                    <th scope="row">{field}</th>
                    {(['base', 'mine', 'theirs'] as const).map((whose) => (
                      <td key={whose}>{valueShown(clash.pointer, clash[whose], merged, words)}</td>
                    ))}
                    <td>
                      <Segmented
                        aria-label={words('clash.choose', { field })}
                        value={choices[clash.pointer] ?? ''}
                        onChange={(whose) => onChoose(clash.pointer, whose as 'mine' | 'theirs')}
                        options={(['mine', 'theirs'] as const).map((whose) => ({
                          value: whose,
                          label: words(`clash.${whose}`),
                        }))}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {theirs.length > 0 && (
        <p className="muted">
          {words('clash.only')} {theirs.map(({ pointer }) => fieldName(pointer, words)).join(', ')}
        </p>
      )}
    </>
  );
}
