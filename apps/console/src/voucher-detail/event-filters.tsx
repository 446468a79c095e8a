import type { EventType, Reason } from '@vouchers/contracts';
import { Input, Select } from 'antd';
import { Button } from '../parts/button.tsx';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { withoutGaps, type EventsFilters } from '../app/filters.ts';
import { EVENT_TYPES, eventName } from '../parts/event.ts';
import { WallTimeField } from '../parts/wall-time-field.tsx';
import { instantOf, wallTimeOf } from '../parts/wall-time.ts';

interface Props {
  filters: EventsFilters;
  /** The time zone of the fields. */
  zone: string;
  onChange(filters: EventsFilters): void;
}

/** Filters a voucher's events by type, reason, user and time. */
export function EventFilters({ filters, zone, onChange }: Props) {
  const { t } = useTranslation();
  const reasons = t('reasons.staff', { returnObjects: true });
  const change = (part: Partial<EventsFilters>): void => onChange(withoutGaps({ ...filters, ...part }));
  return (
    <div className="row event-filters" role="search">
      <Select<EventType | ''>
        aria-label={t('voucher.event.what')}
        value={filters.type ?? ''}
        onChange={(type) => change({ type: type || undefined })}
        options={[
          { value: '', label: t('voucher.event.anyType') },
          ...EVENT_TYPES.map((type) => ({ value: type, label: t(`terms.event.${eventName(type)}`) })),
        ]}
      />
      <Select<Reason | ''>
        aria-label={t('voucher.event.reason')}
        value={filters.reason ?? ''}
        onChange={(reason) => change({ reason: reason || undefined })}
        options={[
          { value: '', label: t('voucher.event.anyReason') },
          ...Object.entries(reasons).map(([reason, label]) => ({ value: reason as Reason, label })),
        ]}
      />
      <Input.Search
        key={filters.userId}
        aria-label={t('voucher.event.user')}
        placeholder={t('voucher.event.user')}
        defaultValue={filters.userId}
        allowClear
        onSearch={(userId) => change({ userId: userId.trim() })}
      />
      <TimeField label={t('voucher.event.from')} at={filters.from} zone={zone} onChange={(from) => change({ from })} />
      <TimeField label={t('voucher.event.to')} at={filters.to} zone={zone} onChange={(to) => change({ to })} />
      {Object.keys(filters).length > 0 && (
        <Button type="text" onClick={() => onChange({})}>
          {t('screens.list.clear')}
        </Button>
      )}
    </div>
  );
}

interface TimeFieldProps {
  label: string;
  at: string | undefined;
  zone: string;
  onChange(at: string | undefined): void;
}

function TimeField({ label, at, zone, onChange }: TimeFieldProps) {
  const id = useId();
  const own = at ? wallTimeOf(at, zone).slice(0, 16) : '';
  const [wall, setWall] = useState(own);
  return (
    <span className="row">
      <label htmlFor={id} className="muted">
        {label}
      </label>
      <WallTimeField
        id={id}
        value={wall}
        onChange={(next) => {
          setWall(next);
          if (next !== own) onChange(next === '' ? undefined : instantOf(next, zone));
        }}
      />
    </span>
  );
}
