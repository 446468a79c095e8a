import type { VoucherStatus } from '@vouchers/contracts';
import { atMost } from '../parts/characters.ts';
import { Button } from '../parts/button.tsx';
import { useEffect, useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { isLabel, withoutGaps, type ListFilters } from '../app/filters.ts';
import { useKeys } from '../app/keys.ts';

const STATES: readonly VoucherStatus[] = ['draft', 'published', 'enabled', 'paused', 'terminated'];
const PAUSE_MS = 250;

interface Props {
  filters: ListFilters;
  onChange(filters: ListFilters): void;
}

/** The filters: search, state and label. The key `/` focuses the search. */
export function Filters({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const search = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => search.current?.focus() });
  const change = (part: Partial<ListFilters>): void => onChange(withoutGaps({ ...filters, ...part }));
  return (
    <div className="row list-filters" role="search">
      <DebouncedInput
        field={search}
        label={t('screens.list.search')}
        value={filters.search ?? ''}
        onChange={(text) => change({ search: text })}
      />
      <select
        className="field"
        aria-label={t('screens.list.state')}
        value={filters.state ?? ''}
        onChange={({ target }) => change({ state: STATES.find((state) => state === target.value) })}
      >
        <option value="">{t('screens.list.anyState')}</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {t(`terms.state.${state}`)}
          </option>
        ))}
      </select>
      <DebouncedInput
        label={t('screens.list.label')}
        value={filters.label ?? ''}
        fault={(text) => (text === '' || isLabel(text) ? undefined : t('screens.list.labelFault'))}
        onChange={(label) => change({ label })}
      />
      {Object.keys(filters).length > 0 && (
        <Button type="text" onClick={() => onChange({})}>
          {t('screens.list.clear')}
        </Button>
      )}
    </div>
  );
}

interface DebouncedInputProps {
  label: string;
  value: string;
  onChange(text: string): void;
  fault?(text: string): string | undefined;
  field?: Ref<HTMLInputElement>;
}

/** A text field that calls `onChange` a moment after the last key. */
function DebouncedInput({ label, value, onChange, fault, field }: DebouncedInputProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setText(value);
  }
  const wrong = fault?.(text);
  useEffect(() => {
    if (text === value || wrong) return;
    const timer = setTimeout(() => onChange(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <span className="typed">
      <input
        ref={field}
        type="search"
        className="field"
        aria-label={label}
        aria-invalid={wrong !== undefined}
        placeholder={label}
        value={text}
        onChange={({ target }) => setText(atMost(200, target.value))}
      />
      {wrong && <small role="alert">{wrong}</small>}
    </span>
  );
}
