import type { VoucherStatus } from '@vouchers/contracts';
import { atMost } from '../parts/characters.ts';
import { Button } from '../parts/button.tsx';
import { useEffect, useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { ATTENTIONS, isLabel, RESOURCES, SORTS, TIMES, withoutGaps, type ListFilters } from '../app/filters.ts';
import { useKeys } from '../app/keys.ts';
import { SavedViews } from './saved-views.tsx';

const STATES: readonly VoucherStatus[] = ['draft', 'published', 'enabled', 'paused', 'terminated'];
const PAUSE_MS = 250;

interface Props {
  filters: ListFilters;
  /** The labels of the vouchers that are shown, as suggestions. */
  labels: readonly string[];
  onChange(filters: ListFilters): void;
}

/** The filters and the order of the list. The key `/` focuses the search. */
export function Filters({ filters, labels, onChange }: Props) {
  const { t } = useTranslation();
  const search = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => search.current?.focus() });
  const change = (part: Partial<ListFilters>): void => onChange(withoutGaps({ ...filters, ...part }));
  /** The ledger, which knows these, does not search texts. */
  const changeLedger = (part: Partial<ListFilters>): void => change({ ...part, search: undefined });
  return (
    <div className="row list-filters" role="search">
      <DebouncedInput
        field={search}
        label={t('screens.list.search')}
        value={filters.search ?? ''}
        onChange={(text) => onChange(withoutGaps({ state: filters.state, label: filters.label, search: text }))}
      />
      <Picked
        label={t('screens.list.state')}
        any={t('screens.list.anyState')}
        value={filters.state}
        options={STATES.map((value) => ({ value, label: t(`terms.state.${value}`) }))}
        onChange={(state) => change({ state })}
      />
      <DebouncedInput
        label={t('screens.list.label')}
        value={filters.label ?? ''}
        suggestions={labels}
        fault={(text) => (text === '' || isLabel(text) ? undefined : t('screens.list.labelFault'))}
        onChange={(label) => change({ label })}
      />
      <Picked
        label={t('screens.list.type')}
        any={t('screens.list.anyType')}
        value={filters.type}
        options={RESOURCES.map((value) => ({ value, label: t(`terms.resource.${value}`) }))}
        onChange={(type) => changeLedger({ type })}
      />
      <Picked
        label={t('screens.list.time')}
        any={t('screens.list.anyTime')}
        value={filters.time}
        options={TIMES.map((value) => ({ value, label: t(`screens.list.times.${value}`) }))}
        onChange={(time) => changeLedger({ time })}
      />
      <Picked
        label={t('screens.list.attention')}
        any={t('screens.list.anyAttention')}
        value={filters.attention}
        options={(['any', ...ATTENTIONS] as const).map((value) => ({ value, label: t(`terms.attention.${value}`) }))}
        onChange={(attention) => changeLedger({ attention })}
      />
      <DebouncedInput
        label={t('screens.list.team')}
        value={filters.team ?? ''}
        onChange={(team) => changeLedger({ team: team || undefined })}
      />
      <Picked
        label={t('screens.list.sort')}
        any={t('screens.list.sorts.newest')}
        value={filters.sort}
        options={SORTS.map((value) => ({ value, label: t(`screens.list.sorts.${value}`) }))}
        onChange={(sort) => changeLedger({ sort })}
      />
      {Object.keys(filters).length > 0 && (
        <Button type="text" onClick={() => onChange({})}>
          {t('screens.list.clear')}
        </Button>
      )}
      <SavedViews filters={filters} onOpen={onChange} />
    </div>
  );
}

interface PickedProps<Value extends string> {
  label: string;
  /** The text of no choice. */
  any: string;
  value: Value | undefined;
  options: readonly { value: Value; label: string }[];
  onChange(value: Value | undefined): void;
}

function Picked<Value extends string>({ label, any, value, options, onChange }: PickedProps<Value>) {
  return (
    <select
      className="field"
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChange(options.find((option) => option.value === target.value)?.value)}
    >
      <option value="">{any}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

interface DebouncedInputProps {
  label: string;
  value: string;
  onChange(text: string): void;
  fault?(text: string): string | undefined;
  suggestions?: readonly string[];
  field?: Ref<HTMLInputElement>;
}

/**
 * A text field that calls `onChange` a moment after the last key. A value that it told itself does not change its text:
 * more may have been typed meanwhile, and the space at its end may be followed by a word.
 */
function DebouncedInput({ label, value, onChange, fault, suggestions, field }: DebouncedInputProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const [told, setTold] = useState(value);
  if (shown !== value) {
    setShown(value);
    setTold(value);
    if (value !== told) setText(value);
  }
  const telling = text.trim();
  const wrong = fault?.(text);
  useEffect(() => {
    if (telling === value || wrong) return;
    const timer = setTimeout(() => {
      setTold(telling);
      onChange(telling);
    }, PAUSE_MS);
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
        list={suggestions && 'label-suggestions'}
        value={text}
        onChange={({ target }) => setText(atMost(200, target.value))}
      />
      {suggestions && (
        <datalist id="label-suggestions">
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {wrong && <small role="alert">{wrong}</small>}
    </span>
  );
}
