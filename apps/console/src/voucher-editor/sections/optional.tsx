import { Checkbox } from 'antd';
import type { ReactNode } from 'react';
import { useEditing, useFault, useValue } from '../draft/draft.context.ts';
import { fieldId } from '../draft/field-focus.ts';
import { useWords } from '../editor-words.ts';

interface Props {
  pointer: string;
  /** The value when it is switched on. */
  first: object;
  name: 'waitingList' | 'extension' | 'combine' | 'budget';
  children: ReactNode;
}

/** A part of the spec that may be absent. */
export function Optional({ pointer, first, name, children }: Props) {
  const words = useWords();
  const { isLocked } = useEditing();
  const [value, set] = useValue<object | null | undefined>(pointer);
  const fault = useFault(pointer);
  const id = fieldId(pointer);
  return (
    <fieldset className="optional">
      <Checkbox
        id={id}
        checked={(value ?? null) !== null}
        disabled={isLocked(pointer)}
        onChange={({ target }) => set(target.checked ? first : undefined)}
      >
        {words(`${name}.use`)}
      </Checkbox>
      <p className="muted">{words(`${name}.text`)}</p>
      {value ? children : fault && <p className="editor-fault">{fault}</p>}
    </fieldset>
  );
}
