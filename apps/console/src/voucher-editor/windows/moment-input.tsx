// A zone-less picker over an instant: it holds wall time, Temporal converts.
import { Button } from '../../parts/button.tsx';
import { useState } from 'react';
import { WallTimeField } from '../../parts/wall-time-field.tsx';
import { formatMoment, VIEWER_ZONE } from '../../parts/moment.ts';
import { useEditing } from '../draft/draft.context.ts';
import type { InputProps } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { offsetOf, readWallTime, wallTimeOf } from './wall-time.ts';

interface Props extends InputProps {
  /** Where the field is told what it cannot read. */
  pointer: string;
  instant: string;
  zone: string;
  onChange(instant: string): void;
}

/** A skipped time is an error, a repeated one asks which. */
export function MomentInput({ pointer, instant, zone, onChange, ...input }: Props) {
  const words = useWords();
  const { draft } = useEditing();
  // What is typed, as long as it is not the instant's own wall time.
  const [typed, setTyped] = useState<{ wall: string; instant: string; zone: string }>();
  const own = typed && typed.instant === instant && typed.zone === zone ? typed : undefined;
  const reading = own && readWallTime(own.wall, zone);
  const take = (taken: string): void => {
    setTyped(undefined);
    draft.setUnread(pointer, undefined);
    onChange(taken);
  };
  const type = (wall: string): void => {
    const read = readWallTime(wall, zone);
    if (read.is === 'one') return take(read.instant);
    setTyped({ wall, instant, zone });
    draft.setUnread(pointer, words(`window.${read.is}`, { zone }));
  };
  return (
    <>
      <WallTimeField
        {...input}
        className="editor-moment"
        value={own?.wall ?? wallTimeOf(instant, zone)}
        onChange={type}
      />
      {reading?.is === 'repeated' && (
        <span className="row" role="group" aria-label={words('window.repeated', { zone })}>
          {(['earlier', 'later'] as const).map((which) => (
            <Button key={which} size="small" onClick={() => take(reading[which])}>
              {words(`window.${which}`, { offset: offsetOf(reading[which], zone) })}
            </Button>
          ))}
        </span>
      )}
      {zone !== VIEWER_ZONE && (
        <small className="muted">{words('window.you', { time: formatMoment(instant, 'minute') })}</small>
      )}
    </>
  );
}
