// The fields of the waiting list, of notices and of extensions.
import { WAITING_LIST_DEFAULTS, type VoucherSpec } from '@vouchers/contracts';
import { lazy, Suspense } from 'react';
import { Button } from '../../parts/button.tsx';
import { Placeholder } from '../../parts/placeholder.tsx';
import { useEditing, useUnread, useValue } from '../draft/draft.context.ts';
import { fieldId } from '../draft/field-focus.ts';
import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { NumberField } from '../numbers/number-field.tsx';
import { DurationInput } from '../windows/duration-input.tsx';
import { LimitInput } from './inputs.tsx';
import { Optional } from './optional.tsx';

const RankEditor = lazy(async () => ({ default: (await import('../rules/rule-editor.tsx')).RankEditor }));

const MOST_NOTICES = 5;
const FIRST_EXTENSION = { length: 'P7D', times: 1 };

export function WaitingListFields() {
  const words = useWords();
  const [quantity] = useValue<number | null>('/quantities/claim');
  return (
    <Optional pointer="/waitingList" first={WAITING_LIST_DEFAULTS} name="waitingList">
      {quantity === null && <p className="editor-fault">{words('waitingList.needsQuantity')}</p>}
      <div className="editor-fields">
        <Field<number | null>
          pointer="/waitingList/limit"
          label={words('waitingList.limit')}
          hint={words('waitingList.limitHint')}
        >
          {(value, set, props) => <LimitInput {...props} pointer="/waitingList/limit" value={value} onChange={set} />}
        </Field>
        <LengthField pointer="/waitingList/offerFor" label={words('waitingList.offerFor')} least={1} />
        <LengthField
          pointer="/waitingList/minUse"
          label={words('waitingList.minUse')}
          hint={words('waitingList.minUseHint')}
          least={0}
        />
      </div>
      <Suspense fallback={<Placeholder height={120} />}>
        <RankEditor />
      </Suspense>
    </Optional>
  );
}

export function ExtensionFields() {
  const words = useWords();
  const setUnread = useUnread('/extension/times');
  return (
    <Optional pointer="/extension" first={FIRST_EXTENSION} name="extension">
      <div className="editor-fields">
        <LengthField pointer="/extension/length" label={words('extension.length')} least={1} />
        <Field<number> pointer="/extension/times" label={words('extension.times')}>
          {(value, set, props) => (
            <NumberField {...props} needed least={1} value={value} onFault={setUnread} onChange={set} />
          )}
        </Field>
      </div>
    </Optional>
  );
}

interface LengthProps {
  pointer: string;
  label: string;
  hint?: string;
  least: number;
}

const LengthField = ({ pointer, label, hint, least }: LengthProps) => (
  <Field<string> pointer={pointer} label={label} hint={hint}>
    {(value, set, props) => <DurationInput {...props} pointer={pointer} least={least} value={value} onChange={set} />}
  </Field>
);

export function NoticesField() {
  const words = useWords();
  const { isLocked } = useEditing();
  const [stored, set] = useValue<VoucherSpec['notices'] | null>('/notices');
  const notices = stored ?? [];
  const locked = isLocked('/notices');
  const put = (next: readonly string[]): void => set(next.length > 0 ? [...next] : undefined);
  // The first number of days that is not there yet.
  const another = `P${[3, 1, 7, 14, 30, 60].find((days) => !notices.includes(`P${days}D`))}D`;
  return (
    <fieldset className="optional">
      <legend>{words('notices.label')}</legend>
      <p className="muted">{words('notices.hint')}</p>
      <div className="editor-fields">
        {notices.map((_, index) => {
          const number = index + 1;
          const pointer = `/notices/${index}`;
          return (
            <Field<string> key={index} pointer={pointer} label={words('notices.one', { number })}>
              {(value, setOne, props) => (
                <span className="notice-line">
                  <DurationInput {...props} pointer={pointer} least={1} value={value} onChange={setOne} />
                  <Button
                    size="small"
                    disabled={locked}
                    aria-label={words('notices.remove', { number })}
                    onClick={() => put(notices.toSpliced(index, 1))}
                  >
                    ×
                  </Button>
                </span>
              )}
            </Field>
          );
        })}
      </div>
      <Button
        id={fieldId('/notices')}
        size="small"
        disabled={locked || notices.length >= MOST_NOTICES}
        onClick={() => put([...notices, another])}
      >
        {words('notices.add')}
      </Button>
    </fieldset>
  );
}
