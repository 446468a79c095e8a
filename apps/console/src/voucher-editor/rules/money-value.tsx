import type { Fault, Node } from '@vouchers/contracts';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultShown } from '../../parts/fault-text.ts';
import { currencyOf } from '../draft/benefit-currency.ts';
import { useSpec, useUnread } from '../draft/draft.context.ts';
import { MoneyField } from '../numbers/number-field.tsx';
import { digitsOf, fromMinor, numberText, readNumber, toMinor } from '../numbers/number-text.ts';

interface Props {
  label: string;
  /** The node of the rule. */
  node: Node;
  disabled: boolean | undefined;
  value: unknown;
  onChange(value: unknown): void;
}

/** Money in a rule, such as an order's amount. People type it in usual units; the condition has minor units. */
export function MoneyValue({ label, node, disabled, value, onChange }: Props) {
  const { t } = useTranslation();
  const currency = currencyOf(useSpec());
  const [fault, setFault] = useState<Fault>();
  const setUnread = useUnread(`/nodes/${node}/when`);
  const minor = value === '' || value === undefined ? undefined : Number(value);
  return (
    <span>
      <MoneyField
        className="rule-value"
        aria-label={label}
        aria-invalid={fault !== undefined}
        disabled={disabled}
        currency={currency}
        value={Number.isFinite(minor) ? minor : undefined}
        onChange={(next) => onChange(next ?? '')}
        onFault={(found) => {
          setFault(found);
          setUnread(found);
        }}
      />
      {fault && (
        <small role="alert" className="editor-fault">
          {faultShown(fault, t)}
        </small>
      )}
    </span>
  );
}

/** Several amounts. A text that is no amount stays as it is, and the builder tells it. */
export function MoneyValues({ label, disabled, value, onChange }: Props) {
  const currency = currencyOf(useSpec());
  const digits = digitsOf(currency);
  const shown = (minor: unknown): string =>
    /^\d+$/.test(String(minor)) ? numberText(fromMinor(Number(minor), digits)) : String(minor);
  const taken = (text: string): string => {
    const read = readNumber(text, { least: 0, digits });
    return read && 'value' in read ? String(toMinor(read.value, digits)) : text;
  };
  return (
    <Select<string[]>
      mode="tags"
      className="rule-values"
      aria-label={label}
      disabled={disabled}
      value={(Array.isArray(value) ? value : []).map(shown)}
      onChange={(texts) => onChange(texts.map(taken))}
      suffixIcon={<span className="muted">{currency}</span>}
    />
  );
}
