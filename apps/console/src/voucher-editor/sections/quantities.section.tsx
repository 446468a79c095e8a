import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { BudgetFields } from './combination.fields.tsx';
import { LimitInput } from './inputs.tsx';
import { Section } from './section.tsx';

export function QuantitiesSection() {
  const words = useWords();
  return (
    <Section name="quantities" aside={<span className="muted">{words('quantity.order')}</span>}>
      <div className="editor-fields">
        {(['push', 'claim', 'redeem'] as const).map((name) => (
          <Field<number | null>
            key={name}
            pointer={`/quantities/${name}`}
            label={words(`quantity.${name}`)}
            hint={words(`quantity.${name}Hint`)}
          >
            {(value, set, props) => (
              <LimitInput {...props} pointer={`/quantities/${name}`} value={value} onChange={set} />
            )}
          </Field>
        ))}
      </div>
      <BudgetFields />
    </Section>
  );
}
