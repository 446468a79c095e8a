import type { PoolPolicy } from '@vouchers/contracts';
import { Select } from 'antd';
import { useEditing } from '../draft/draft.context.ts';
import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { Section } from './section.tsx';
import { ExtensionFields, NoticesField, WaitingListFields } from './waiting-list.fields.tsx';

const CHOICES: { [E in keyof PoolPolicy]: readonly PoolPolicy[E][] } = {
  expired: ['return', 'retire'],
  released: ['return', 'retire'],
  revoked: ['return', 'retire'],
  rolledBack: ['hold', 'return', 'retire'],
};

export function PoolSection() {
  const words = useWords();
  const { isLocked } = useEditing();
  return (
    <Section name="pool">
      <p className="muted">{words('pool.text')}</p>
      <div className="editor-fields">
        {(Object.keys(CHOICES) as (keyof PoolPolicy)[]).map((end) => (
          <Field<string> key={end} pointer={`/pool/${end}`} label={words(`pool.${end}`)}>
            {(value, set, props) => (
              <Select
                {...props}
                value={value}
                onChange={set}
                options={CHOICES[end].map((choice) => ({ value: choice, label: words(`pool.${choice}`) }))}
              />
            )}
          </Field>
        ))}
        <Field<string>
          pointer="/clock"
          label={words('clock.label')}
          hint={isLocked('/clock') ? words('frozen') : undefined}
        >
          {(value, set, props) => (
            <Select
              {...props}
              value={value}
              onChange={set}
              options={(['wall', 'submissions'] as const).map((clock) => ({
                value: clock,
                label: words(`clock.${clock}`),
              }))}
            />
          )}
        </Field>
      </div>
      <WaitingListFields />
      <NoticesField />
      <ExtensionFields />
    </Section>
  );
}
