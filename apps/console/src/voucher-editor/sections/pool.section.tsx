import type { PoolPolicy } from '@vouchers/contracts';
import { Select } from 'antd';
import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { Section } from './section.tsx';

const CHOICES: { [E in keyof PoolPolicy]: readonly PoolPolicy[E][] } = {
  expired: ['return', 'retire'],
  released: ['return', 'retire'],
  revoked: ['return', 'retire'],
  rolledBack: ['hold', 'return', 'retire'],
};

export function PoolSection() {
  const words = useWords();
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
      </div>
    </Section>
  );
}
