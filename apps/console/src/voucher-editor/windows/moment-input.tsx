// Edits an instant as wall time in a zone.
import { Button } from '../../parts/button.tsx';
import { useState } from 'react';
import { WallTimeField } from '../../parts/wall-time-field.tsx';
import { formatMoment, VIEWER_ZONE } from '../../parts/moment.ts';
import { useEditing } from '../draft/draft.context.ts';
import type { InputProps } from '../draft/field.tsx';
import { useWords } from '../editor-words.ts';
import { offsetOf, resolveWallTime, wallTimeOf } from './wall-time.ts';

interface Props extends InputProps {
  /** The field's pointer, under which an invalid input is reported. */
  pointer: string;
  instant: string;
  zone: string;
  onChange(instant: string): void;
}

/** A skipped wall time is an error. For a repeated one, the user chooses which is meant. */
export function MomentInput({ pointer, instant, zone, onChange, ...input }: Props) {
  const words = useWords();
  const { draft } = useEditing();
  // The typed wall time, while it does not belong to the instant.
  const [typed, setTyped] = useState<{ wall: string; instant: string; zone: string }>();
  const own = typed && typed.instant === instant && typed.zone === zone ? typed : undefined;
  const resolved = own && resolveWallTime(own.wall, zone);
  const take = (taken: string): void => {
    setTyped(undefined);
    draft.setUnread(pointer, undefined);
    onChange(taken);
  };
  const type = (wall: string): void => {
    const read = resolveWallTime(wall, zone);
    if (read.is === 'one') return take(read.instant);
    setTyped({ wall, instant, zone });
    draft.setUnread(pointer, { pointer, message: words(`window.${read.is}`, { zone }) });
  };
  return (
    <>
      <WallTimeField
        {...input}
        className="editor-moment"
        value={own?.wall ?? wallTimeOf(instant, zone)}
        onChange={type}
      />
      {resolved?.is === 'repeated' && (
        <span className="row" role="group" aria-label={words('window.repeated', { zone })}>
          {(['earlier', 'later'] as const).map((which) => (
            <Button key={which} size="small" onClick={() => take(resolved[which])}>
              {words(`window.${which}`, { offset: offsetOf(resolved[which], zone) })}
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
