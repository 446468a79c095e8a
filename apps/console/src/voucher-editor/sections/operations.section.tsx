import type { Operations } from '@vouchers/contracts';
import { Input, Select } from 'antd';
import { useValue } from '../draft/draft.context.ts';
import { Field } from '../draft/field.tsx';
import { useWords, type Word } from '../editor-words.ts';
import { Section } from './section.tsx';
import { atMost } from '../../parts/characters.ts';

type AfterClaim = NonNullable<Operations['afterClaim']>;
type Popup = NonNullable<Operations['popup']>;

export function OperationsSection() {
  const words = useWords();
  const [afterClaim] = useValue<AfterClaim | undefined>('/operations/afterClaim');
  const [popup] = useValue<Popup | undefined>('/operations/popup');
  return (
    <Section name="operations">
      <div className="editor-fields">
        <TextField pointer="/operations/claimLabel" label="operation.claimLabel" hint="operation.claimLabelHint" />
        <Field<AfterClaim | undefined> pointer="/operations/afterClaim" label={words('operation.afterClaim')}>
          {(value, set, props) => (
            <Select
              {...props}
              value={value?.type ?? 'none'}
              onChange={(type) => set(type === 'none' ? undefined : { ...value, type })}
              options={(['none', 'link', 'message'] as const).map(option(words))}
            />
          )}
        </Field>
        {afterClaim?.type === 'link' && (
          <TextField pointer="/operations/afterClaim/url" label="operation.url" most={2_000} required />
        )}
        {afterClaim?.type === 'message' && (
          <TextField pointer="/operations/afterClaim/text" label="operation.text" most={4_000} rows={2} />
        )}
        <Field<Popup | undefined> pointer="/operations/popup" label={words('operation.popup')}>
          {(value, set, props) => (
            <Select
              {...props}
              value={value?.trigger ?? 'none'}
              onChange={(trigger) => set(trigger === 'none' ? undefined : { ...value, trigger })}
              options={(['none', 'on-load', 'on-claim'] as const).map(option(words))}
            />
          )}
        </Field>
        {popup && popup.trigger !== 'none' && (
          <>
            <TextField pointer="/operations/popup/title" label="operation.popupTitle" />
            <TextField pointer="/operations/popup/text" label="operation.popupText" most={4_000} rows={2} />
          </>
        )}
      </div>
    </Section>
  );
}

const option =
  (words: ReturnType<typeof useWords>) =>
  <T extends 'none' | 'link' | 'message' | 'on-load' | 'on-claim'>(value: T) => ({
    value,
    label: words(`operation.${value}`),
  });

interface TextProps {
  pointer: string;
  label: Word;
  hint?: Word;
  most?: number;
  rows?: number;
  required?: boolean;
}

/** A text field; an empty text removes the value. */
function TextField({ pointer, label, hint, most = 200, rows, required }: TextProps) {
  const words = useWords();
  return (
    <Field<string | undefined>
      pointer={pointer}
      label={words(label)}
      hint={hint && words(hint)}
      required={required}
      className={rows ? 'wide' : undefined}
    >
      {(value, set, props) => {
        const input = {
          ...props,
          value: value ?? '',
          onChange: ({ target }: { target: { value: string } }) => set(atMost(most, target.value) || undefined),
          dir: 'auto',
        };
        return rows ? <Input.TextArea {...input} rows={rows} /> : <Input {...input} />;
      }}
    </Field>
  );
}
