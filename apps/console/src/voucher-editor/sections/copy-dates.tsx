// One field for the dates of a copy: all windows move with the start of the valid window.
import type { Windows } from '@vouchers/contracts';
import { useEditing, useSpec } from '../draft/draft.context.ts';
import { useWords } from '../editor-words.ts';
import { MomentInput } from '../windows/moment-input.tsx';
import { beginningAt } from '../windows/window-edges.ts';
import { formatMoment } from '../../parts/moment.ts';

const POINTER = '/windows/valid/from';

export function CopyDates() {
  const words = useWords();
  const { draft, isLocked } = useEditing();
  const { windows } = useSpec();
  return (
    <section className="panel copy-dates" aria-labelledby="copy-dates">
      <label id="copy-dates" htmlFor="copy-begins">
        <strong>{words('copying.title')}</strong> {words('copying.begins')}
      </label>
      <MomentInput
        id="copy-begins"
        aria-invalid={draft.faultAt(POINTER) !== undefined}
        aria-describedby="copy-hint"
        disabled={isLocked('/windows')}
        pointer={POINTER}
        instant={windows.valid.from}
        zone={windows.timeZone}
        onChange={(from) => draft.set('/windows', beginningAt(windows, from) satisfies Windows)}
      />
      <span id="copy-hint" className="muted">
        {words('copying.hint')} → {formatMoment(windows.valid.to, 'minute', windows.timeZone)} {windows.timeZone}
      </span>
    </section>
  );
}
