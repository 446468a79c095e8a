// Inputs that several sections use.
import { CURRENCIES, fault } from '@vouchers/contracts';
import { Checkbox } from 'antd';
import { useState } from 'react';
import { useUnread } from '../draft/draft.context.ts';
import type { InputProps } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { MoneyField, NumberField } from '../numbers/number-field.tsx';

interface Props extends InputProps {
  pointer: string;
  value: number | null | undefined;
}

/** A whole number from 1, or no limit, which the user has to choose. */
export function LimitInput({ pointer, value, onChange, ...input }: Props & { onChange(value: number | null): void }) {
  const words = useWords();
  const setUnread = useUnread(pointer);
  // True after "unlimited" was taken back, until a number is typed.
  const [isLimiting, setLimiting] = useState(false);
  const isUnlimited = (value ?? null) === null && !isLimiting;
  const choose = (unlimited: boolean): void => {
    setLimiting(!unlimited);
    setUnread(unlimited ? undefined : fault(pointer, 'required'));
    if (unlimited) onChange(null);
    else requestAnimationFrame(() => document.getElementById(input.id)?.focus());
  };
  return (
    <span className="limit">
      <NumberField
        {...input}
        disabled={input.disabled || isUnlimited}
        placeholder={isUnlimited ? words('quantity.unlimited') : undefined}
        value={value}
        least={1}
        onFault={setUnread}
        needed
        onChange={(number) => {
          setLimiting(false);
          onChange(number ?? null);
        }}
      />
      <Checkbox disabled={input.disabled} checked={isUnlimited} onChange={({ target }) => choose(target.checked)}>
        {words('quantity.unlimited')}
      </Checkbox>
    </span>
  );
}

/** Money in its usual units. The value is in integer minor units. */
export function MoneyInput({
  pointer,
  ...field
}: Props & { currency: string; onChange(value: number | undefined): void }) {
  return <MoneyField {...field} onFault={useUnread(pointer)} />;
}

export const CURRENCY_OPTIONS = CURRENCIES.map((value) => ({ value, label: value }));
