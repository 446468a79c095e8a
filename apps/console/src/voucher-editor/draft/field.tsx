import { Form } from 'antd';
import type { ReactNode } from 'react';
import { useEditing, useFault, useValue } from './draft.context.ts';
import { fieldId } from './field-focus.ts';

/** The properties that connect an input to its field: id, state and descriptions. */
export interface InputProps {
  id: string;
  disabled: boolean;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

interface Props<T> {
  pointer: string;
  label: ReactNode;
  hint?: ReactNode;
  required?: boolean;
  className?: string;
  children(value: T, set: (value: T | undefined) => void, props: InputProps): ReactNode;
}

/** A field of the form: its label, its input, and its fault below. Its pointer is its identity. */
export function Field<T>({ pointer, label, hint, required, className, children }: Props<T>) {
  const [value, set] = useValue<T>(pointer);
  const { isLocked } = useEditing();
  const fault = useFault(pointer);
  const id = fieldId(pointer);
  const note = fault ?? hint;
  return (
    <Form.Item
      label={label}
      htmlFor={id}
      required={required}
      className={className}
      validateStatus={fault ? 'error' : ''}
      help={note ? <span id={`${id}-note`}>{note}</span> : undefined}
    >
      {children(value, set, {
        id,
        disabled: isLocked(pointer),
        'aria-invalid': fault !== undefined,
        'aria-describedby': note ? `${id}-note` : undefined,
      })}
    </Form.Item>
  );
}
