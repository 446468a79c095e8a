import type { Benefit, ResourceType } from '@vouchers/contracts';
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useEditing, useValue } from '../draft/draft.context.ts';
import { Field } from '../draft/field.tsx';
import { firstBenefit } from '../draft/new-spec.ts';
import { useWords } from '../editor-words.ts';
import { CURRENCY_OPTIONS, MoneyInput } from './inputs.tsx';
import { Section } from './section.tsx';
import { atMost } from '../../parts/characters.ts';

const RESOURCES: readonly ResourceType[] = ['coupon', 'gift', 'interest-free', 'access'];
const BENEFITS: readonly Benefit['type'][] = ['amount-off', 'percent-off', 'gift', 'interest-free', 'access'];

export function BasicsSection() {
  const words = useWords();
  const { t } = useTranslation();
  const { isLocked } = useEditing();
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
          <MoneyField name="amount" currency={benefit.currency} />
          <CurrencyField />
        </>
      );
    case 'percent-off':
      return (
        <>
          <NumberField name="percent" most={100} />
          <MoneyField name="maxAmount" currency={benefit.currency ?? 'CNY'} />
          <CurrencyField optional />
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
      return <NumberField name="days" />;
    case 'access':
      return <TextField name="name" />;
  }
}

function MoneyField({ name, currency }: { name: 'amount' | 'maxAmount'; currency: string }) {
  const words = useWords();
  return (
    <Field<number> pointer={`/benefit/${name}`} label={words(`benefit.${name}`)} required={name === 'amount'}>
      {(value, set, props) => (
        <MoneyInput {...props} value={value} onChange={(amount) => set(amount ?? undefined)} currency={currency} />
      )}
    </Field>
  );
}

function CurrencyField({ optional }: { optional?: boolean }) {
  const words = useWords();
  return (
    <Field<string> pointer="/benefit/currency" label={words('benefit.currency')} required={!optional}>
      {(value, set, props) => (
        <Select {...props} value={value} onChange={set} options={CURRENCY_OPTIONS} showSearch allowClear={optional} />
      )}
    </Field>
  );
}

function NumberField({ name, most }: { name: 'percent' | 'days'; most?: number }) {
  const words = useWords();
  return (
    <Field<number> pointer={`/benefit/${name}`} label={words(`benefit.${name}`)} required>
      {(value, set, props) => (
        <InputNumber<number>
          {...props}
          className="editor-number"
          value={value}
          onChange={(number) => set(number ?? undefined)}
          min={name === 'days' ? 1 : 0}
          max={most}
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
