import type { Benefit, ResourceType } from '@vouchers/contracts';
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useEditing, useUnread, useValue } from '../draft/draft.context.ts';
import { Field } from '../draft/field.tsx';
import { firstBenefit } from '../draft/new-spec.ts';
import { useWords } from '../editor-words.ts';
import { inCurrency, type Priced } from '../draft/benefit-currency.ts';
import { CombinationFields } from './combination.fields.tsx';
import { CURRENCY_OPTIONS, MoneyInput } from './inputs.tsx';
import { Section } from './section.tsx';
import { atMost } from '../../parts/characters.ts';
import { NumberField } from '../numbers/number-field.tsx';

const RESOURCES: readonly ResourceType[] = ['coupon', 'gift', 'interest-free', 'access'];
const BENEFITS: readonly Benefit['type'][] = ['amount-off', 'percent-off', 'gift', 'interest-free', 'access'];

export function BasicsSection() {
  const words = useWords();
  const { t } = useTranslation();
  return (
    <Section name="basics">
      <div className="editor-fields">
        <Field<string> pointer="/name" label={words('name')} required className="wide">
          {(value, set, props) => (
            <Input {...props} value={value} onChange={({ target }) => set(atMost(200, target.value))} dir="auto" />
          )}
        </Field>
        <Field<ResourceType> pointer="/resourceType" label={words('type')} required>
          {(value, set, props) => (
            <Select
              {...props}
              value={value}
              onChange={set}
              options={RESOURCES.map((type) => ({ value: type, label: t(`terms.resource.${type}`) }))}
            />
          )}
        </Field>
        <BenefitFields />
        <Field<string> pointer="/description" label={words('description')} className="wide">
          {(value, set, props) => (
            <Input.TextArea
              {...props}
              value={value}
              onChange={({ target }) => set(atMost(4_000, target.value))}
              dir="auto"
              rows={2}
            />
          )}
        </Field>
      </div>
      <CombinationFields />
    </Section>
  );
}

function BenefitFields() {
  const words = useWords();
  const [benefit] = useValue<Benefit | undefined>('/benefit');
  return (
    <>
      <Field<Benefit | undefined> pointer="/benefit" label={words('benefit.label')}>
        {(value, set, props) => (
          <Select<Benefit['type'] | 'none'>
            {...props}
            value={value?.type ?? 'none'}
            onChange={(type) => set(type === 'none' ? undefined : firstBenefit(type))}
            options={(['none', ...BENEFITS] as const).map((type) => ({ value: type, label: words(`benefit.${type}`) }))}
          />
        )}
      </Field>
      {benefit && <BenefitDetails benefit={benefit} />}
    </>
  );
}

function BenefitDetails({ benefit }: { benefit: Benefit }) {
  switch (benefit.type) {
    case 'amount-off':
      return (
        <>
          <AmountField name="amount" currency={benefit.currency} />
          <CurrencyField benefit={benefit} />
        </>
      );
    case 'percent-off':
      return (
        <>
          <FigureField name="percent" most={100} digits={2} />
          <AmountField name="maxAmount" currency={benefit.currency ?? 'CNY'} />
          <CurrencyField benefit={benefit} optional />
        </>
      );
    case 'gift':
      return (
        <>
          <TextField name="sku" />
          <TextField name="name" />
        </>
      );
    case 'interest-free':
      return <FigureField name="days" />;
    case 'access':
      return <TextField name="name" />;
  }
}

function AmountField({ name, currency }: { name: 'amount' | 'maxAmount'; currency: string }) {
  const words = useWords();
  const pointer = `/benefit/${name}`;
  return (
    <Field<number> pointer={pointer} label={words(`benefit.${name}`)} required={name === 'amount'}>
      {(value, set, props) => (
        <MoneyInput {...props} pointer={pointer} value={value} onChange={set} currency={currency} />
      )}
    </Field>
  );
}

function CurrencyField({ benefit, optional }: { benefit: Priced; optional?: boolean }) {
  const words = useWords();
  const { draft } = useEditing();
  return (
    <Field<string> pointer="/benefit/currency" label={words('benefit.currency')} required={!optional}>
      {(value, _, props) => (
        <Select
          {...props}
          value={value}
          onChange={(currency: string | undefined) => draft.set('/benefit', inCurrency(benefit, currency))}
          options={CURRENCY_OPTIONS}
          showSearch
          allowClear={optional}
        />
      )}
    </Field>
  );
}

function FigureField({ name, most, digits }: { name: 'percent' | 'days'; most?: number; digits?: number }) {
  const words = useWords();
  const pointer = `/benefit/${name}`;
  const setUnread = useUnread(pointer);
  return (
    <Field<number> pointer={pointer} label={words(`benefit.${name}`)} required>
      {(value, set, props) => (
        <NumberField
          {...props}
          value={value}
          onChange={set}
          onFault={setUnread}
          least={name === 'days' ? 1 : 0.01}
          most={most}
          digits={digits}
          unit={name === 'percent' ? '%' : undefined}
        />
      )}
    </Field>
  );
}

function TextField({ name }: { name: 'sku' | 'name' }) {
  const words = useWords();
  return (
    <Field<string> pointer={`/benefit/${name}`} label={words(`benefit.${name}`)} required>
      {(value, set, props) => (
        <Input {...props} value={value} onChange={({ target }) => set(atMost(200, target.value))} dir="auto" />
      )}
    </Field>
  );
}
