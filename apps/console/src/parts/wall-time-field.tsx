import { useRef, useState, type ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import './wall-time-field.css';

interface Props extends Omit<ComponentProps<'input'>, 'type' | 'value' | 'onChange'> {
  /** `2026-11-30T10:32`, with seconds if they are not 0; empty if there is no time. */
  value: string;
  /** Called with an empty text if the input is not a time. */
  onChange(value: string): void;
}

const WRITTEN = /^\s*(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)\s*$/;

/** A field for a wall time without a zone, in the console's format. A native field follows the browser's language. */
export function WallTimeField({ value, onChange, className = '', disabled = false, placeholder, ...field }: Props) {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  // The typed text, which counts as long as the value follows from it.
  const [typed, setTyped] = useState({ text: '', value: '' });
  const type = (text: string): void => {
    const [, day, time] = WRITTEN.exec(text) ?? [];
    const read = day && time ? `${day}T${time}` : '';
    setTyped({ text, value: read });
    onChange(read);
  };
  return (
    <span className={`wall-time ${className}`}>
      <input
        {...field}
        disabled={disabled}
        className="field"
        inputMode="numeric"
        autoComplete="off"
        maxLength={19}
        placeholder={placeholder ?? t('frame.timePattern')}
        value={typed.value === value && typed.text !== '' ? typed.text : value.replace('T', ' ')}
        onChange={({ target }) => type(target.value)}
        onBlur={() => typed.value !== '' && setTyped({ text: '', value: '' })}
      />
      <Button
        type="text"
        size="small"
        icon={<Icon of="Calendar" />}
        disabled={disabled}
        aria-label={t('frame.chooseTime')}
        title={t('frame.chooseTime')}
        onClick={() => picker.current!.showPicker()}
      />
      <input
        ref={picker}
        type="datetime-local"
        tabIndex={-1}
        aria-hidden
        disabled={disabled}
        max="9999-12-31T23:59"
        value={value.slice(0, 16)}
        onChange={({ target }) => type(target.value)}
      />
    </span>
  );
}
