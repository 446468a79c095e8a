import { Select } from 'antd';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '@vouchers/contracts';
import { Button } from '../../parts/button.tsx';
import { atMost } from '../../parts/characters.ts';
import { faultShown } from '../../parts/fault-text.ts';
import { Icon } from '../../parts/icon.tsx';
import { WallTimeField } from '../../parts/wall-time-field.tsx';
import { MoneyField } from '../numbers/number-field.tsx';
import { CURRENCY_OPTIONS } from '../sections/inputs.tsx';
import { TrialUsers } from '../trial/trial-users.tsx';
import { resolveWallTime, wallTimeOf } from '../windows/wall-time.ts';
import { MOST_LINES, type TillEdit, type TillLine, type TillOrder } from './till-order.ts';
import { useTillWords } from './till-words.ts';

interface Props {
  order: TillOrder;
  zone: string;
  onEdit(edit: TillEdit): void;
}

/** Edits the lines of the order, its time and its customer. */
export function OrderFields({ order, zone, onEdit }: Props) {
  const words = useTillWords();
  const { lines, rest, currency, at, heldAt, user } = order;
  const adding = useRef<HTMLDivElement>(null);
  const put = (key: number, change: Partial<TillLine>): void =>
    onEdit((order) => ({
      ...order,
      lines: order.lines.map((line) => (line.key === key ? { ...line, ...change } : line)),
    }));
  const addLine = (): void => {
    const key = Math.max(-1, ...lines.map((line) => line.key)) + 1;
    onEdit((order) => ({ ...order, lines: [...order.lines, { key, sku: '', amount: 0 }] }));
    requestAnimationFrame(() => document.getElementById(`till-sku-${key}`)?.focus());
  };
  const remove = (key: number): void => {
    onEdit((order) => ({ ...order, lines: order.lines.filter((line) => line.key !== key) }));
    adding.current?.querySelector('button')?.focus();
  };
  return (
    <fieldset className="till-order">
      <legend>{words('order')}</legend>
      {lines.map((line, index) => (
        <div className="till-line" key={line.key}>
          <input
            id={`till-sku-${line.key}`}
            className="field"
            aria-label={words('sku', { number: index + 1 })}
            placeholder={words('skuShort')}
            autoComplete="off"
            value={line.sku}
            onChange={({ target }) => put(line.key, { sku: atMost(255, target.value) })}
          />
          <Money
            label={words('amount', { number: index + 1 })}
            value={line.amount}
            currency={currency}
            onChange={(amount) => put(line.key, { amount })}
          />
          <Button
            type="text"
            size="small"
            icon={<Icon of="Close" />}
            aria-label={words('removeLine', { number: index + 1 })}
            disabled={lines.length === 1}
            onClick={() => remove(line.key)}
          />
        </div>
      ))}
      <div className="row" ref={adding}>
        <Button size="small" icon={<Icon of="Plus" />} disabled={lines.length >= MOST_LINES} onClick={addLine}>
          {words('addLine')}
        </Button>
      </div>
      <div className="till-fields">
        <Named label={words('rest')}>
          <Money
            label={words('rest')}
            value={rest}
            currency={currency}
            onChange={(amount) => onEdit((order) => ({ ...order, rest: amount }))}
          />
        </Named>
        <Named label={words('currency')}>
          <Select
            aria-label={words('currency')}
            value={currency}
            options={CURRENCY_OPTIONS}
            showSearch
            onChange={(chosen) => onEdit((order) => ({ ...order, currency: chosen }))}
          />
        </Named>
        <Named label={words('at')}>
          <Time
            label={words('at')}
            instant={at}
            zone={zone}
            onChange={(instant) => instant !== undefined && onEdit((order) => ({ ...order, at: instant }))}
          />
        </Named>
        <Named label={words('heldAt')}>
          <Time
            label={words('heldAt')}
            instant={heldAt}
            zone={zone}
            placeholder={words('heldAtHint')}
            onChange={(instant) =>
              onEdit(({ heldAt: _, ...others }) => (instant === undefined ? others : { ...others, heldAt: instant }))
            }
          />
        </Named>
        <Named label={words('customer')}>
          <TrialUsers.Name
            user={user}
            users={[user]}
            onChange={([next]) => onEdit((order) => ({ ...order, user: next! }))}
          />
        </Named>
      </div>
    </fieldset>
  );
}

/** A field with its name above it. The field itself has the same name for screen readers. */
const Named = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="till-named">
    <span className="muted" aria-hidden>
      {label}
    </span>
    {children}
  </div>
);

interface MoneyProps {
  label: string;
  value: number;
  currency: string;
  onChange(amount: number): void;
}

/** Money whose faulty text is not taken. */
function Money({ label, value, currency, onChange }: MoneyProps) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<Fault>();
  return (
    <span>
      <MoneyField
        aria-label={label}
        aria-invalid={fault !== undefined}
        value={value}
        currency={currency}
        onChange={(amount) => onChange(amount ?? 0)}
        onFault={setFault}
      />
      {fault && (
        <span className="editor-fault" role="alert">
          {faultShown(fault, t)}
        </span>
      )}
    </span>
  );
}

interface TimeProps {
  label: string;
  instant: string | undefined;
  zone: string;
  placeholder?: string;
  onChange(instant: string | undefined): void;
}

/** A time in the voucher's zone. Of a repeated one, the first counts. */
function Time({ label, instant, zone, placeholder, onChange }: TimeProps) {
  const [unread, setUnread] = useState<string>();
  const type = (wall: string): void => {
    const read = resolveWallTime(wall, zone);
    const time = read.is === 'one' ? read.instant : read.is === 'repeated' ? read.earlier : undefined;
    setUnread(time === undefined ? wall : undefined);
    if (time !== undefined || wall === '') onChange(time);
  };
  return (
    <WallTimeField
      aria-label={label}
      {...(placeholder !== undefined && { placeholder })}
      value={unread ?? (instant === undefined ? '' : wallTimeOf(instant, zone))}
      onChange={type}
    />
  );
}
