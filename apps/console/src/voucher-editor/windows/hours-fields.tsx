// Edits hours of the week, in a grid or as exact entries.
import { Icon } from '../../parts/icon.tsx';
import type { Day, Hours } from '@vouchers/contracts';
import { Checkbox, Input, Select } from 'antd';
import { Button } from '../../parts/button.tsx';
import { useFault } from '../draft/draft.context.ts';
import { fieldId } from '../draft/field-focus.ts';
import { useWords } from '../editor-words.ts';

import { DAYS } from './week-grid.ts';
import { WeekTable } from './week-table.tsx';

const MOST = 50;
const SHOP: Hours = { days: [...DAYS], from: '09:00', to: '21:00' };

interface Props {
  lane: 'claim' | 'use';
  hours: Hours[] | undefined;
  locked: boolean;
  onChange(hours: Hours[] | undefined): void;
}

export function HoursFields({ lane, hours, locked, onChange }: Props) {
  const words = useWords();
  const fault = useFault(`/windows/${lane}/hours`);
  return (
    <div id={fieldId(`/windows/${lane}/hours`)}>
      <Checkbox
        checked={hours !== undefined}
        disabled={locked}
        onChange={({ target }) => onChange(target.checked ? [SHOP] : undefined)}
      >
        {words('window.hours')}
      </Checkbox>
      {hours && (
        <>
          <WeekTable
            label={words('window.hoursGrid', { lane: words(`window.${lane}`) })}
            hours={hours}
            locked={locked}
            onChange={onChange}
          />
          {hours.map((entry, index) => (
            <HoursEntry
              key={index}
              entry={entry}
              number={index + 1}
              locked={locked}
              onChange={(next) => onChange(hours.with(index, next))}
              onRemove={hours.length > 1 ? () => onChange(hours.toSpliced(index, 1)) : undefined}
            />
          ))}
          <Button
            size="small"
            icon={<Icon of="Plus" />}
            disabled={locked || hours.length >= MOST}
            onClick={() => onChange([...hours, SHOP])}
          >
            {words('window.addHours')}
          </Button>
        </>
      )}
      {fault && (
        <p className="editor-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

interface EntryProps {
  entry: Hours;
  number: number;
  locked: boolean;
  onChange(entry: Hours): void;
  onRemove: (() => void) | undefined;
}

function HoursEntry({ entry, number, locked, onChange, onRemove }: EntryProps) {
  const words = useWords();
  return (
    <div className="row editor-hours">
      <Select<Day[]>
        mode="multiple"
        aria-label={`${words('window.entryDays')} ${number}`}
        value={entry.days}
        disabled={locked}
        onChange={(days) => days.length > 0 && onChange({ ...entry, days: DAYS.filter((day) => days.includes(day)) })}
        options={DAYS.map((day) => ({ value: day, label: words(`window.days.${day}`) }))}
      />
      {(['from', 'to'] as const).map((end) => (
        <TimeInput
          key={end}
          label={`${words(end === 'from' ? 'window.entryFrom' : 'window.entryTo')} ${number}`}
          time={entry[end]}
          locked={locked}
          onChange={(time) => onChange({ ...entry, [end]: time })}
          latest={end === 'to'}
        />
      ))}
      <Button
        type="text"
        icon={<Icon of="Delete" />}
        disabled={locked || !onRemove}
        aria-label={words('window.removeHours', { number })}
        onClick={onRemove}
      />
    </div>
  );
}

interface TimeProps {
  label: string;
  time: string;
  locked: boolean;
  /** True if `24:00` is allowed. */
  latest: boolean;
  onChange(time: string): void;
}

/** A text field for `HH:MM`, since a native time input does not accept 24:00. */
function TimeInput({ label, time, locked, latest, onChange }: TimeProps) {
  const pattern = latest ? /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/ : /^([01]\d|2[0-3]):[0-5]\d$/;
  return (
    <Input
      aria-label={label}
      key={time}
      defaultValue={time}
      disabled={locked}
      inputMode="numeric"
      placeholder="HH:MM"
      className="editor-time"
      onBlur={({ target }) => {
        const typed = target.value.replace(/^(\d):/, '0$1:');
        if (pattern.test(typed)) onChange(typed);
        else target.value = time;
      }}
    />
  );
}
