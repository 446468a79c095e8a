import type { Hours, UseWindow, Windows } from '@vouchers/contracts';
import { Segmented, Select } from 'antd';
import { useMemo } from 'react';
import { useEditing, useValue } from '../draft/draft.context.ts';
import { Field } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { Section } from '../sections/section.tsx';
import { DurationInput } from './duration-input.tsx';
import { HoursFields } from './hours-fields.tsx';
import { MomentInput } from './moment-input.tsx';
import { TimeAxis } from './time-axis.tsx';
import { inOtherZone, withEdge, type Edge, type Lane } from './window-edges.ts';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

export function WindowsSection() {
  const words = useWords();
  const { draft, isLocked } = useEditing();
  const [windows] = useValue<Windows>('/windows');
  const put = (next: Windows): void => draft.set('/windows', next);
  const options = useMemo(
    () => [...new Set([windows.timeZone, ...ZONES])].map((zone) => ({ value: zone, label: zone })),
    [windows.timeZone],
  );
  return (
    <Section name="windows">
      <div className="editor-fields">
        <Field<string>
          pointer="/windows/timeZone"
          label={words('window.zone')}
          required
          hint={isLocked('/windows/timeZone') ? words('frozen') : undefined}
        >
          {(value, _, props) => (
            <Select
              {...props}
              value={value}
              onChange={(zone) => put(inOtherZone(windows, zone))}
              options={options}
              showSearch
            />
          )}
        </Field>
      </div>
      <TimeAxis windows={windows} locked={isLocked('/windows')} onChange={put} />
      <div className="editor-windows">
        <RangeFields lane="valid" windows={windows} onChange={put} />
        <RangeFields lane="claim" windows={windows} onChange={put} />
        <UseFields windows={windows} onChange={put} />
      </div>
    </Section>
  );
}

interface LaneProps {
  windows: Windows;
  onChange(windows: Windows): void;
}

function RangeFields({ lane, windows, onChange }: LaneProps & { lane: Lane }) {
  const words = useWords();
  return (
    <fieldset>
      <legend>{words(`window.${lane}`)}</legend>
      <EdgeFields lane={lane} windows={windows} onChange={onChange} />
      {lane === 'claim' && <LaneHours lane={lane} />}
    </fieldset>
  );
}

function EdgeFields({ lane, windows, onChange }: LaneProps & { lane: Lane }) {
  return (['from', 'to'] as const).map((edge) => (
    <EdgeField key={edge} lane={lane} edge={edge} windows={windows} onChange={onChange} />
  ));
}

function EdgeField({ lane, edge, windows, onChange }: LaneProps & { lane: Lane; edge: Edge }) {
  const words = useWords();
  const pointer = `/windows/${lane}/${edge}`;
  const label =
    edge === 'to' ? (
      <>
        {words('window.to')}&nbsp;<span className="muted">{words('window.notIncluded')}</span>
      </>
    ) : (
      words('window.from')
    );
  return (
    <Field<string> pointer={pointer} label={label} required={lane === 'valid'}>
      {(instant, set, props) => (
        <MomentInput
          {...props}
          pointer={pointer}
          instant={instant}
          zone={windows.timeZone}
          onChange={(next) => {
            set(next);
            onChange(withEdge(windows, lane, edge, next));
          }}
        />
      )}
    </Field>
  );
}

const WEEK: UseWindow = { afterClaim: { delay: 'PT0S', length: 'P7D' } };

function UseFields({ windows, onChange }: LaneProps) {
  const words = useWords();
  const { isLocked } = useEditing();
  const { use, valid } = windows;
  const kind = 'from' in use ? 'range' : 'afterClaim';
  const choose = (next: typeof kind): void => {
    const hours = use.hours && { hours: use.hours };
    onChange({ ...windows, use: next === 'range' ? { ...valid, ...hours } : { ...WEEK, ...hours } });
  };
  return (
    <fieldset>
      <legend>{words('window.use')}</legend>
      <Segmented
        aria-label={words('window.kind')}
        value={kind}
        disabled={isLocked('/windows/use')}
        onChange={choose}
        options={(['range', 'afterClaim'] as const).map((value) => ({ value, label: words(`window.${value}`) }))}
      />
      {kind === 'range' ? (
        <EdgeFields lane="use" windows={windows} onChange={onChange} />
      ) : (
        (['delay', 'length'] as const).map((part) => (
          <Field<string> key={part} pointer={`/windows/use/afterClaim/${part}`} label={words(`window.${part}`)}>
            {(value, set, props) => (
              <DurationInput
                {...props}
                pointer={`/windows/use/afterClaim/${part}`}
                least={part === 'delay' ? 0 : 1}
                value={value}
                onChange={set}
              />
            )}
          </Field>
        ))
      )}
      <LaneHours lane="use" />
    </fieldset>
  );
}

function LaneHours({ lane }: { lane: 'claim' | 'use' }) {
  const pointer = `/windows/${lane}/hours`;
  const { isLocked } = useEditing();
  const [hours, setHours] = useValue<Hours[] | undefined>(pointer);
  return <HoursFields lane={lane} hours={hours} locked={isLocked(pointer)} onChange={setHours} />;
}
