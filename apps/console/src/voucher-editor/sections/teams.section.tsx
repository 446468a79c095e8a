import type { Teams } from '@vouchers/contracts';
import { Select } from 'antd';
import { useSession } from '../../app/session.ts';
import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { Section } from './section.tsx';
import { ANY, tagsOf, teamsOf } from './team-tags.ts';

/** The teams that redeem the voucher, and those on whose pages it may stand. */
export function TeamsSection() {
  const words = useWords();
  return (
    <Section name="teams">
      <p className="muted">{words('teams.text')}</p>
      <TeamsField name="redeemers" />
      <TeamsField name="placements" />
    </Section>
  );
}

function TeamsField({ name }: { name: 'redeemers' | 'placements' }) {
  const words = useWords();
  const { team } = useSession();
  const options = [
    { value: ANY, label: words('teams.any') },
    { value: team, label: team },
  ];
  return (
    <Field<Teams | undefined> pointer={`/${name}`} label={words(`teams.${name}`)} hint={words(`teams.${name}Text`)}>
      {(value, set, props) => (
        <Select<string[]>
          {...props}
          mode="tags"
          tokenSeparators={[',', '，']}
          placeholder={words('teams.unset')}
          value={tagsOf(value)}
          onChange={(tags) => set(teamsOf(tags))}
          options={options}
        />
      )}
    </Field>
  );
}
