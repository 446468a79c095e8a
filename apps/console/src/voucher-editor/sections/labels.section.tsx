import { atMost } from '../../parts/characters.ts';
import { Icon } from '../../parts/icon.tsx';
import { Input } from 'antd';
import { Button } from '../../parts/button.tsx';
import { useState } from 'react';
import { useEditing, useFault, useValue } from '../draft/draft.context.ts';
import { fieldId } from '../draft/field-focus.ts';
import { pointerTo } from '../draft/pointer.ts';
import { useWords } from '../editor-words.ts';
import { Section } from './section.tsx';

const KEY = /^[a-z0-9-]{1,63}$/;
const MOST = 20;

export function LabelsSection() {
  const words = useWords();
  const { isLocked } = useEditing();
  const locked = isLocked('/labels');
  const [labels, setLabels] = useValue<Record<string, string>>('/labels');
  const fault = useFault('/labels');
  const [key, setKey] = useState('');
  const keyFault =
    key === '' || KEY.test(key) ? (Object.hasOwn(labels, key) ? words('labels.taken') : '') : words('labels.keyFault');
  const add = () => {
    if (!KEY.test(key) || keyFault) return;
    setLabels({ ...labels, [key]: '' });
    setKey('');
    requestAnimationFrame(() => document.getElementById(fieldId(pointerTo('/labels', key)))?.focus());
  };
  return (
    <Section name="labels">
      <p className="muted">{words('labels.text')}</p>
      <div id={fieldId('/labels')} className="editor-labels">
        {Object.entries(labels).map(([name, value]) => (
          <div key={name} className="row">
            <code>{name}</code>
            <Input
              id={fieldId(pointerTo('/labels', name))}
              aria-label={words('labels.one', { key: name })}
              value={value}
              disabled={locked}
              onChange={({ target }) => setLabels({ ...labels, [name]: atMost(200, target.value) })}
            />
            <Button
              type="text"
              disabled={locked}
              icon={<Icon of="Delete" />}
              aria-label={words('labels.remove', { key: name })}
              onClick={() => setLabels(Object.fromEntries(Object.entries(labels).filter(([one]) => one !== name)))}
            />
          </div>
        ))}
        {Object.keys(labels).length < MOST && (
          <div className="row">
            <Input
              aria-label={words('labels.key')}
              placeholder={words('labels.key')}
              value={key}
              disabled={locked}
              status={keyFault ? 'error' : ''}
              onChange={({ target }) => setKey(target.value)}
              onPressEnter={add}
            />
            <Button icon={<Icon of="Plus" />} disabled={locked || key === '' || keyFault !== ''} onClick={add}>
              {words('labels.add')}
            </Button>
          </div>
        )}
      </div>
      {(keyFault || fault) && (
        <p className="editor-fault" role="alert">
          {keyFault || fault}
        </p>
      )}
    </Section>
  );
}
