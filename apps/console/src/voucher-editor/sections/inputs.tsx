// Inputs that several sections use.
import { CURRENCIES } from '@vouchers/contracts';
import { InputNumber } from 'antd';
import type { InputProps } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';

interface Props extends InputProps {
  value: number | null | undefined;
  onChange(value: number | null): void;
}

/** A whole number from 1; empty means no limit. */
export function LimitInput({ value, onChange, ...input }: Props) {
  const words = useWords();
  return (
    <InputNumber<number>
      {...input}
      className="editor-number"
      value={value ?? null}
      onChange={onChange}
      min={1}
      max={Number.MAX_SAFE_INTEGER}
      precision={0}
      placeholder={words('quantity.unlimited')}
    />
  );
}

/** The number of a currency's decimal places. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** Shows money in its usual units. The value is in integer minor units. */
export function MoneyInput({
  value,
  onChange,
  currency,
  ...input
}: Props & { currency: string; 'aria-label'?: string }) {
  const digits = digitsOf(currency);
  return (
    <InputNumber<number>
      {...input}
      className="editor-number"
      value={value === null || value === undefined ? null : value / 10 ** digits}
      onChange={(amount) => onChange(amount === null ? null : Math.round(amount * 10 ** digits))}
      min={0}
      max={1e12}
      precision={digits}
    />
  );
}

export const CURRENCY_OPTIONS = CURRENCIES.map((value) => ({ value, label: value }));
