import type { Hours } from '@vouchers/contracts';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useWords } from '../editor-words.ts';
import { cellsOf, DAYS, withCell, type Cell } from './week-grid.ts';

interface Props {
  label: string;
  hours: Hours[];
  locked: boolean;
  onChange(hours: Hours[]): void;
}

const STEPS: Readonly<Record<string, readonly [day: number, hour: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** A table of the hours of a week. A press opens or closes an hour, a drag several; arrow keys move the focus. */
export function WeekTable({ label, hours, locked, onChange }: Props) {
  const words = useWords();
  const cells = cellsOf(hours);
  const [place, setPlace] = useState<readonly [number, number]>([0, 9]);
  const [painting, setPainting] = useState<boolean>();
  const table = useRef<HTMLDivElement>(null);

  const paint = (day: number, hour: number, open: boolean): void => {
    const next = withCell(hours, day, hour, open);
    if (!locked && next.length > 0) onChange(next);
  };
  const press = (event: KeyboardEvent, day: number, hour: number): void => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = [(day + step[0] + 7) % 7, (hour + step[1] + 24) % 24] as const;
    setPlace(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next[0]}-${next[1]}"]`)?.focus();
  };

  return (
    <div className="scrolls">
      <div
        ref={table}
        role="grid"
        aria-label={label}
        className="week-table"
        onPointerUp={() => setPainting(undefined)}
        onPointerLeave={() => setPainting(undefined)}
      >
        {DAYS.map((name, day) => (
          <div key={name} role="row" className="week-row">
            <span role="rowheader">{words(`window.days.${name}`)}</span>
            {cells[day]!.map((cell, hour) => (
              <span role="gridcell" key={hour}>
                <button
                  type="button"
                  data-cell={`${day}-${hour}`}
                  className={`week-cell ${cell}`}
                  tabIndex={place[0] === day && place[1] === hour ? 0 : -1}
                  aria-pressed={pressed(cell)}
                  aria-label={words('window.cell', {
                    day: words(`window.days.${name}`),
                    hour,
                    state: words(`window.${cell}`),
                  })}
                  aria-disabled={locked}
                  onFocus={() => setPlace([day, hour])}
                  onKeyDown={(event) => press(event, day, hour)}
                  onPointerDown={(event) => {
                    event.currentTarget.releasePointerCapture(event.pointerId);
                    setPainting(cell !== 'open');
                    paint(day, hour, cell !== 'open');
                  }}
                  onPointerEnter={() => painting !== undefined && paint(day, hour, painting)}
                  onClick={({ detail }) => detail === 0 && paint(day, hour, cell !== 'open')}
                />
              </span>
            ))}
          </div>
        ))}
        <div className="week-row" aria-hidden>
          <span />
          {[0, 6, 12, 18].map((hour) => (
            <span key={hour} className="week-hour">
              {hour}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

const pressed = (cell: Cell): boolean | 'mixed' => (cell === 'part' ? 'mixed' : cell === 'open');
