// The fields that say how a voucher combines with others on an order, and the budget for its discounts.
import {
  COMBINATION_DEFAULTS,
  takesMoneyOff,
  type Benefit,
  type Combination,
  type Quantities,
} from '@vouchers/contracts';
import { Input, Select } from 'antd';
import { atMost } from '../../parts/characters.ts';
import { Choice } from '../../parts/choice.tsx';
import { useUnread, useValue } from '../draft/draft.context.ts';
import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { NumberField } from '../numbers/number-field.tsx';
import { CURRENCY_OPTIONS, MoneyInput } from './inputs.tsx';
import { Optional } from './optional.tsx';

const MOST_GROUPS = 20;
const KINDS = ['any', 'none', 'groups'] as const;

export function CombinationFields() {
  const words = useWords();
  const setUnread = useUnread('/combine/priority');
  const setUnreadCount = useUnread('/combine/perOrder');
  return (
    <Optional pointer="/combine" first={COMBINATION_DEFAULTS} name="combine">
      <div className="editor-fields">
        <Field<string> pointer="/combine/group" label={words('combine.group')} hint={words('combine.groupHint')}>
          {(value, set, props) => (
            <Input {...props} value={value} onChange={({ target }) => set(atMost(63, target.value))} />
          )}
        </Field>
        <Field<Combination['with']> pointer="/combine/with" label={words('combine.with')}>
          {(value, set, props) => <WithInput value={value} onChange={set} {...props} />}
        </Field>
        <Field<number>
          pointer="/combine/perOrder"
          label={words('combine.perOrder')}
          hint={words('combine.perOrderHint')}
        >
          {(value, set, props) => (
            <NumberField {...props} needed least={1} value={value} onFault={setUnreadCount} onChange={set} />
          )}
        </Field>
        <Field<number>
          pointer="/combine/priority"
          label={words('combine.priority')}
          hint={words('combine.priorityHint')}
        >
          {(value, set, props) => (
            <NumberField
              {...props}
              needed
              least={-1_000}
              most={1_000}
              value={value}
              onFault={setUnread}
              onChange={set}
            />
          )}
        </Field>
      </div>
    </Optional>
  );
}

interface WithProps {
  id: string;
  disabled: boolean;
  value: Combination['with'];
  onChange(value: Combination['with']): void;
}

function WithInput({ value, onChange, ...input }: WithProps) {
  const words = useWords();
  const kind = typeof value === 'string' ? value : 'groups';
  return (
    <span className="stack">
      <Choice<(typeof KINDS)[number]>
        label={words('combine.with')}
        value={kind}
        options={KINDS.map((one) => ({ value: one, label: words(`combine.kinds.${one}`) }))}
        onChange={(next) => onChange(next === 'groups' ? ['default'] : next)}
      />
      {kind === 'groups' && (
        <Select<string[]>
          {...input}
          mode="tags"
          tokenSeparators={[',', '，', ' ']}
          value={[...(value as string[])]}
          onChange={(groups) => onChange(groups.slice(0, MOST_GROUPS))}
        />
      )}
    </span>
  );
}

type Budget = NonNullable<Quantities['budget']>;

/** Only a benefit that takes money off has a budget. It is in the benefit's currency, if that has one. */
export function BudgetFields() {
  const words = useWords();
  const [benefit] = useValue<Benefit | undefined>('/benefit');
  const [budget, setBudget] = useValue<Budget | undefined>('/quantities/budget');
  const fixed = benefit && 'currency' in benefit ? benefit.currency : undefined;
  if (!takesMoneyOff(benefit) && !budget) return null;
  const first = { amount: 100_000, currency: fixed ?? 'CNY' };
  return (
    <Optional pointer="/quantities/budget" first={first} name="budget">
      {budget && (
        <div className="editor-fields">
          <Field<number> pointer="/quantities/budget/amount" label={words('budget.amount')} required>
            {(value, set, props) => (
              <MoneyInput
                {...props}
                pointer="/quantities/budget/amount"
                value={value}
                currency={budget.currency}
                onChange={set}
              />
            )}
          </Field>
          <Field<string> pointer="/quantities/budget/currency" label={words('benefit.currency')} required>
            {(value, _, props) => (
              <Select
                {...props}
                showSearch
                value={value}
                options={fixed && fixed === value ? [{ value: fixed, label: fixed }] : CURRENCY_OPTIONS}
                onChange={(currency: string) => setBudget({ ...budget, currency })}
              />
            )}
          </Field>
        </div>
      )}
    </Optional>
  );
}
