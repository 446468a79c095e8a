import { fault, type Fault } from '@vouchers/contracts';
import { Input } from 'antd';
import { useState } from 'react';
import { digitsOf, fromMinor, numberText, readNumber, toMinor, type Bounds } from './number-text.ts';

interface Props extends Bounds {
  id?: string;
  disabled?: boolean;
  'aria-label'?: string;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string;
  placeholder?: string;
  className?: string;
  /** An empty field is a fault. */
  needed?: boolean;
  /** A unit after the field, such as a currency. */
  unit?: string;
  value: number | null | undefined;
  /** Undefined: the field is empty. It is not called for a text that is no number. */
  onChange(value: number | undefined): void;
  /** The fault of the text; undefined: it has none. */
  onFault(fault: Fault | undefined): void;
}

/** A field for a number. A text that is no number stays as it was typed, and is reported as a fault. */
export function NumberField({
  value,
  onChange,
  onFault,
  least,
  most,
  digits,
  unit,
  needed,
  className,
  ...input
}: Props) {
  // The typed text, while it belongs to the value. A faulty one is dropped when its fault is, as by discarding.
  const [typed, setTyped] = useState<{ text: string; value: number | undefined; isFaulty: boolean }>();
  const isOwn = typed && Object.is(typed.value, value ?? undefined) && (!typed.isFaulty || input['aria-invalid']);
  const own = isOwn ? typed : undefined;
  const type = (text: string): void => {
    const read = readNumber(text, { least, most, digits }) ?? (needed ? { fault: fault('', 'required') } : undefined);
    if (read && 'fault' in read) {
      setTyped({ text, value: value ?? undefined, isFaulty: true });
      onFault(read.fault);
      return;
    }
    setTyped({ text, value: read?.value, isFaulty: false });
    onFault(undefined);
    onChange(read?.value);
  };
  return (
    <Input
      {...input}
      className={className ?? 'editor-number'}
      inputMode={digits ? 'decimal' : 'numeric'}
      autoComplete="off"
      suffix={unit && <span className="muted">{unit}</span>}
      status={input['aria-invalid'] ? 'error' : ''}
      value={own?.text ?? (value === null || value === undefined ? '' : numberText(value))}
      onChange={({ target }) => type(target.value)}
    />
  );
}

/** The largest amount, in usual units. */
const MOST_MONEY = 1e12;

/** A field for money in its usual units. Its value is in integer minor units. */
export function MoneyField({
  currency,
  value,
  onChange,
  ...field
}: Omit<Props, keyof Bounds | 'unit'> & { currency: string }) {
  const digits = digitsOf(currency);
  return (
    <NumberField
      {...field}
      least={0}
      most={MOST_MONEY}
      digits={digits}
      unit={currency}
      value={value === null || value === undefined ? undefined : fromMinor(value, digits)}
      onChange={(amount) => onChange(amount === undefined ? undefined : toMinor(amount, digits))}
    />
  );
}
