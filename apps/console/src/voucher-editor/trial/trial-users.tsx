// Edits the example users and times of the test grid.
import type { Fault } from '@vouchers/contracts';
import { atMost } from '../../parts/characters.ts';
import { NumberField } from '../numbers/number-field.tsx';
import { WallTimeField } from '../../parts/wall-time-field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useQuery } from '@tanstack/react-query';
import { Input, Popover, Select } from 'antd';
import { Button } from '../../parts/button.tsx';
import { useState } from 'react';
import type { UserAttribute } from '../../api/answers.ts';
import { userAttributesQuery } from '../../api/queries.ts';
import { useWords } from '../editor-words.ts';
import { resolveWallTime } from '../windows/wall-time.ts';
import { exampleOf, type ExampleUser } from './trial-cases.ts';

interface UsersProps {
  users: ExampleUser[];
  onChange(users: ExampleUser[]): void;
}

const MOST = 20;

function Name({ user, users, onChange }: UsersProps & { user: ExampleUser }) {
  const words = useWords();
  const attributes = Object.entries(user.attributes)
    .filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(',') : String(value)}`)
    .join(' · ');
  return (
    <span className="trial-user">
      <Popover
        trigger="click"
        placement="bottomLeft"
        content={
          <UserForm user={user} onChange={(next) => onChange(users.map((one) => (one === user ? next : one)))} />
        }
      >
        <Button type="link" size="small" aria-label={words('trial.editUser', { user: user.id })}>
          {user.id}
        </Button>
      </Popover>
      {users.length > 1 && (
        <Button
          type="text"
          size="small"
          icon={<Icon of="Close" />}
          aria-label={words('trial.removeUser', { user: user.id })}
          onClick={() => onChange(users.filter((one) => one !== user))}
        />
      )}
      <small className="muted">{attributes || words('trial.noAttributes')}</small>
    </span>
  );
}

function Add({ users, onChange }: UsersProps) {
  const words = useWords();
  const { data } = useQuery(userAttributesQuery);
  const add = (): void => {
    const attributes = Object.fromEntries((data?.items ?? []).map((one) => [one.name, exampleOf(one)]));
    const id = Array.from({ length: MOST + 1 }, (_, index) => `user-${index + 1}`).find(
      (free) => !users.some((one) => one.id === free),
    )!;
    onChange([...users, { id, attributes }]);
  };
  return (
    <Button size="small" icon={<Icon of="Plus" />} disabled={users.length >= MOST} onClick={add}>
      {words('trial.addUser')}
    </Button>
  );
}

function UserForm({ user, onChange }: { user: ExampleUser; onChange(user: ExampleUser): void }) {
  const words = useWords();
  const { data } = useQuery(userAttributesQuery);
  const [id, setId] = useState(user.id);
  const put = (name: string, value: unknown): void => {
    const { [name]: _, ...others } = user.attributes;
    const attributes = value === undefined || value === null || value === '' ? others : { ...others, [name]: value };
    onChange({ ...user, attributes });
  };
  return (
    <div className="trial-form">
      <label>
        {words('trial.userName')}
        <Input
          value={id}
          onChange={({ target }) => setId(atMost(255, target.value))}
          onBlur={() => (id.trim() ? onChange({ ...user, id: id.trim() }) : setId(user.id))}
        />
      </label>
      {data?.items.map((attribute) => (
        <div key={attribute.name} className="trial-attribute">
          <span>{attribute.name}</span>
          <AttributeInput
            attribute={attribute}
            value={user.attributes[attribute.name]}
            onChange={(value) => put(attribute.name, value)}
          />
        </div>
      ))}
    </div>
  );
}

interface AttributeProps {
  attribute: UserAttribute;
  value: unknown;
  onChange(value: unknown): void;
}

function AttributeInput({ attribute: { name, type, values }, value, onChange }: AttributeProps) {
  const words = useWords();
  const options = values?.map((one) => ({ value: one, label: String(one) }));
  switch (type) {
    case 'number':
      return <FigureInput label={name} value={value as number | undefined} onChange={onChange} />;
    case 'boolean':
      return (
        <Select
          aria-label={name}
          allowClear
          value={value as boolean}
          onChange={onChange}
          options={[
            { value: true, label: words('rule.yes') },
            { value: false, label: words('rule.no') },
          ]}
        />
      );
    case 'list':
      return <Select aria-label={name} mode="tags" value={value as string[]} onChange={onChange} options={options} />;
    case 'string':
    case 'timestamp':
      return options ? (
        <Select aria-label={name} allowClear value={value as string} onChange={onChange} options={options} />
      ) : (
        <Input aria-label={name} value={value as string} onChange={({ target }) => onChange(target.value)} />
      );
  }
}

/** An attribute may be any number, so a fault can only be a text that is no number. */
function FigureInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number | undefined;
  onChange(value: unknown): void;
}) {
  const [fault, setFault] = useState<Fault>();
  return (
    <NumberField
      aria-label={label}
      aria-invalid={fault !== undefined}
      value={value}
      digits={10}
      onFault={setFault}
      onChange={onChange}
    />
  );
}

export const TrialUsers = { Name, Add };

/** Adds a time to the grid, in the voucher's zone. */
export function TrialTimes({ zone, onAdd }: { zone: string; onAdd(time: string): void }) {
  const words = useWords();
  const [wall, setWall] = useState('');
  const resolved = resolveWallTime(wall, zone);
  const time = resolved.is === 'one' ? resolved.instant : resolved.is === 'repeated' ? resolved.earlier : undefined;
  return (
    <span className="row trial-times">
      <WallTimeField aria-label={words('trial.newTime')} value={wall} onChange={setWall} />
      <Button
        size="small"
        icon={<Icon of="Plus" />}
        disabled={time === undefined}
        onClick={() => {
          if (time) onAdd(time);
          setWall('');
        }}
      >
        {words('trial.addTime')}
      </Button>
    </span>
  );
}
