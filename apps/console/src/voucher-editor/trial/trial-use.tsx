import { Form, InputNumber, Select } from 'antd';
import { useWords } from '../editor-words.ts';
import { CURRENCY_OPTIONS, MoneyInput } from '../sections/inputs.tsx';
import type { ExampleUse } from './trial-cases.ts';

const INPUT = { disabled: false, 'aria-invalid': false, 'aria-describedby': undefined };

/** Edits the order and the claim for the test of a use rule. */
export function TrialUse({ use, onChange }: { use: ExampleUse; onChange(use: ExampleUse): void }) {
  const words = useWords();
  return (
    <div className="editor-fields">
      <Form.Item label={words('trial.amount')} htmlFor="trial-amount">
        <MoneyInput
          {...INPUT}
          id="trial-amount"
          value={use.amount}
          currency={use.currency}
          onChange={(amount) => onChange({ ...use, amount: amount ?? 0 })}
        />
      </Form.Item>
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
      <Form.Item label={words('trial.uses')} htmlFor="trial-uses">
        <InputNumber<number>
          id="trial-uses"
          className="editor-number"
          min={0}
          precision={0}
          value={use.uses}
          onChange={(uses) => onChange({ ...use, uses: uses ?? 0 })}
        />
      </Form.Item>
    </div>
  );
}
