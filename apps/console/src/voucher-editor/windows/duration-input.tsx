import { Input, Select } from 'antd';
import { useState } from 'react';
import { useUnread } from '../draft/draft.context.ts';
import type { InputProps } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { NumberField } from '../numbers/number-field.tsx';
import { durationOf, unitOf, UNITS, type Unit } from './duration-text.ts';

interface Props extends InputProps {
  pointer: string;
  /** 0 for a delay, 1 for a length. */
  least: number;
  value: string;
  onChange(value: string): void;
}

/** A length of time as a number and a unit. One with several units stays as ISO 8601. */
export function DurationInput({ pointer, least, value, onChange, ...input }: Props) {
  const words = useWords();
  const setUnread = useUnread(pointer);
  const read = unitOf(value);
  // Without a number, the unit is not in the value.
  const [chosen, setChosen] = useState<Unit>(read?.unit ?? 'days');
  if (!read)
    return <Input {...input} value={value} onChange={({ target }) => onChange(target.value.trim().toUpperCase())} />;
  const unit = read.count === 0 ? chosen : read.unit;
  return (
    <span className="duration">
      <NumberField
        {...input}
        needed
        least={least}
        most={100_000}
        value={read.count}
        onFault={setUnread}
        onChange={(count) => onChange(durationOf(count ?? 0, unit))}
      />
      <Select<Unit>
        aria-label={words('window.unit')}
        disabled={input.disabled}
        value={unit}
        onChange={(next) => {
          setChosen(next);
          if (read.count > 0) onChange(durationOf(read.count, next));
        }}
        options={UNITS.map((one) => ({ value: one, label: words(`window.units.${one}`) }))}
      />
    </span>
  );
}
