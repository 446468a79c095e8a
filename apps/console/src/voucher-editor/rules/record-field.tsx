import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { userAttributesQuery } from '../../api/queries.ts';
import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';

const NONE: string[] = [];

/** Edits the user attributes that are stored with each decision of a node, in addition to those of its condition. */
export function RecordField({ node }: { node: 'claim' | 'use' }) {
  const words = useWords();
  const { data } = useQuery(userAttributesQuery);
  const listed = (data?.items ?? []).filter(({ name }) => name !== 'id');
  return (
    <div className="editor-fields">
      <Field<readonly string[] | undefined>
        pointer={`/nodes/${node}/record`}
        label={words('node.record')}
        hint={words(`node.${node}RecordText`)}
      >
        {(value, set, props) => (
          <Select<string[]>
            {...props}
            mode="tags"
            tokenSeparators={[',', '，']}
            value={value ? [...value] : NONE}
            onChange={(names) => set(names.length > 0 ? names : undefined)}
            options={listed.map(({ name }) => ({ value: name, label: name }))}
          />
        )}
      </Field>
    </div>
  );
}
