import type { Fault } from '@vouchers/contracts';
import { Form, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MoneyField, NumberField } from '../numbers/number-field.tsx';
import { faultShown } from '../../parts/fault-text.ts';
import { useWords } from '../editor-words.ts';
import { CURRENCY_OPTIONS } from '../sections/inputs.tsx';
import type { ExampleUse } from './trial-cases.ts';

/** Edits the order and the claim for the test of a use rule. */
export function TrialUse({ use, onChange }: { use: ExampleUse; onChange(use: ExampleUse): void }) {
  const words = useWords();
  return (
    <div className="editor-fields">
      <Judged label={words('trial.amount')} id="trial-amount">
        {(field) => (
          <MoneyField
            {...field}
            value={use.amount}
            currency={use.currency}
            onChange={(amount) => onChange({ ...use, amount: amount ?? 0 })}
          />
        )}
      </Judged>
      <Form.Item label={words('trial.currency')} htmlFor="trial-currency">
        <Select
          id="trial-currency"
          value={use.currency}
          options={CURRENCY_OPTIONS}
          showSearch
          onChange={(currency) => onChange({ ...use, currency })}
        />
      </Form.Item>
      <Form.Item label={words('trial.skus')} htmlFor="trial-skus">
        <Select
          id="trial-skus"
          mode="tags"
          value={use.skus}
          tokenSeparators={[',', ' ']}
          onChange={(skus) => onChange({ ...use, skus })}
        />
      </Form.Item>
      <Judged label={words('trial.uses')} id="trial-uses">
        {(field) => (
          <NumberField
            {...field}
            least={0}
            value={use.uses}
            onChange={(uses) => onChange({ ...use, uses: uses ?? 0 })}
          />
        )}
      </Judged>
    </div>
  );
}

interface JudgedField {
  id: string;
  'aria-invalid': boolean;
  onFault(fault: Fault | undefined): void;
}

/** A field that tells the fault of its text. The test goes on with the last value that was read. */
function Judged({ id, label, children }: { id: string; label: string; children(field: JudgedField): ReactNode }) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<Fault>();
  return (
    <Form.Item
      label={label}
      htmlFor={id}
      validateStatus={fault ? 'error' : ''}
      help={fault && <span role="alert">{faultShown(fault, t)}</span>}
    >
      {children({ id, 'aria-invalid': fault !== undefined, onFault: setFault })}
    </Form.Item>
  );
}
