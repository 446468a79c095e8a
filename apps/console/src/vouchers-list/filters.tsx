import type { VoucherStatus } from '@vouchers/contracts';
import { Button, Input, Select, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLabel, withoutGaps, type ListFilters } from '../app/filters.ts';
import { useKeys } from '../app/keys.ts';

const STATES: readonly VoucherStatus[] = ['draft', 'published', 'enabled', 'paused', 'terminated'];
const PAUSE_MS = 250;

interface Props {
  filters: ListFilters;
  onChange(filters: ListFilters): void;
}

/** Search, state and label; `/` goes to the search. */
export function Filters({ filters, onChange }: Props) {
  const { t } = useTranslation();
  const search = useRef<InputRef>(null);
  useKeys({ '/': () => search.current?.focus() });
  const change = (part: Partial<ListFilters>): void => onChange(withoutGaps({ ...filters, ...part }));
  return (
    <div className="row list-filters" role="search">
      <Typed
        field={search}
        label={t('screens.list.search')}
        value={filters.search ?? ''}
        onChange={(text) => change({ search: text })}
      />
      <Select<VoucherStatus | ''>
        aria-label={t('screens.list.state')}
        value={filters.state ?? ''}
        onChange={(state) => change({ state: state === '' ? undefined : state })}
        options={[
          { value: '', label: t('screens.list.anyState') },
          ...STATES.map((state) => ({ value: state, label: t(`terms.state.${state}`) })),
        ]}
      />
      <Typed
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

interface TypedProps {
  label: string;
  value: string;
  onChange(text: string): void;
  fault?(text: string): string | undefined;
  field?: React.Ref<InputRef>;
}

/** A text that takes effect a moment after it was typed. */
function Typed({ label, value, onChange, fault, field }: TypedProps) {
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
      <Input
        ref={field}
        allowClear
        aria-label={label}
        aria-invalid={wrong !== undefined}
        placeholder={label}
        value={text}
        maxLength={200}
        status={wrong ? 'error' : ''}
        onChange={({ target }) => setText(target.value)}
      />
      {wrong && <small role="alert">{wrong}</small>}
    </span>
  );
}
