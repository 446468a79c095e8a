// The windows as lanes on a time axis in the voucher's zone. Handles can be moved by mouse and by keys.
import type { Windows } from '@vouchers/contracts';
import { useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { formatMoment } from '../../parts/moment.ts';
import { useWords } from '../editor-words.ts';
import { grainOf, momentAt, positionOf, sampleOf, scaleOf, ticksOf, type Scale } from './axis-scale.ts';
import { clockChanges, moved, rounded } from './wall-time.ts';
import { boundsOf, rangeOf, withEdge, type Edge, type Lane } from './window-edges.ts';

interface Props {
  windows: Windows;
  locked: boolean;
  onChange(windows: Windows): void;
}

const LANES: readonly Lane[] = ['valid', 'claim', 'use'];

export function TimeAxis({ windows, locked, onChange }: Props) {
  const words = useWords();
  const area = useRef<HTMLDivElement>(null);
  // The axis keeps its range while a handle is held.
  const [held, setHeld] = useState<Scale>();
  const [now] = useState(() => Date.now());
  const scale = held ?? scaleOf(windows);
  const zone = windows.timeZone;
  const sample = sampleOf(windows);
  const changes = clockChanges(new Date(scale.from).toISOString(), new Date(scale.to).toISOString(), zone);
  const lane = { windows, locked, scale, area, onChange, onHold: setHeld };
  return (
    <div
      className={`time-axis ${changes.length > 0 ? 'with-changes' : ''}`}
      role="group"
      aria-label={words('window.lanes')}
    >
      <div className="time-names" aria-hidden>
        {LANES.map((name) => (
          <span key={name}>{words(`window.${name}`)}</span>
        ))}
      </div>
      <div className="time-area" ref={area}>
        {LANES.map((name) => (
          <div key={name} className="time-lane">
            {rangeOf(windows, name) && <RangeBar name={name} {...lane} />}
            {name === 'use' && sample && (
              <span
                className="time-bar sample"
                style={{
                  left: `${positionOf(scale, sample.from)}%`,
                  width: `${positionOf(scale, sample.to) - positionOf(scale, sample.from)}%`,
                }}
              >
                <span>
                  {words('window.sample', {
                    time: formatMoment(sample.at, 'minute', zone),
                    until: formatMoment(sample.to, 'minute', zone),
                  })}
                </span>
              </span>
            )}
          </div>
        ))}
        {changes.map(({ at, byMinutes }) => (
          <span
            key={at}
            className={`time-mark change ${positionOf(scale, Date.parse(at)) > 60 ? 'late' : ''}`}
            style={{ left: `${positionOf(scale, Date.parse(at))}%` }}
          >
            <span className="time-change">
              {words('window.clockChange', {
                minutes: byMinutes > 0 ? `+${byMinutes}` : byMinutes,
                time: formatMoment(at, 'day', zone),
              })}
            </span>
          </span>
        ))}
        {now > scale.from && now < scale.to && (
          <span
            className={`time-mark now ${positionOf(scale, now) > 90 ? 'late' : ''}`}
            style={{ left: `${positionOf(scale, now)}%` }}
          >
            <span>{words('window.now')}</span>
          </span>
        )}
        <div className="time-ticks" aria-hidden>
          {ticksOf(scale, zone).map((tick) => (
            <span key={tick} style={{ left: `${positionOf(scale, tick)}%` }}>
              {formatMoment(tick, scale.to - scale.from > 3 * 86_400_000 ? 'day' : 'minute', zone).slice(5)}
            </span>
          ))}
        </div>
      </div>
      <p className="muted time-help">{words('window.keys')}</p>
    </div>
  );
}

interface LaneProps extends Props {
  name: Lane;
  scale: Scale;
  area: RefObject<HTMLDivElement | null>;
  onHold(scale: Scale | undefined): void;
}

function RangeBar({ name, ...lane }: LaneProps) {
  const range = rangeOf(lane.windows, name)!;
  const [left, right] = [positionOf(lane.scale, Date.parse(range.from)), positionOf(lane.scale, Date.parse(range.to))];
  return (
    <>
      <span className={`time-bar ${name}`} style={{ left: `${left}%`, width: `${Math.max(0, right - left)}%` }} />
      <Handle name={name} edge="from" {...lane} />
      <Handle name={name} edge="to" {...lane} />
    </>
  );
}

function Handle({ name, edge, windows, locked, scale, area, onChange, onHold }: LaneProps & { edge: Edge }) {
  const words = useWords();
  const zone = windows.timeZone;
  const instant = rangeOf(windows, name)![edge];
  const bounds = boundsOf(windows, name, edge);
  const put = (next: string): void => {
    if (locked) return;
    const inside = Math.min(bounds.to, Math.max(bounds.from, Date.parse(next)));
    onChange(withEdge(windows, name, edge, new Date(inside).toISOString()));
  };
  const press = (event: KeyboardEvent): void => {
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    put(moved(instant, zone, step));
  };
  const drag = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !area.current) return;
    const { left, width } = area.current.getBoundingClientRect();
    const at = momentAt(scale, (event.clientX - left) / width);
    put(rounded(new Date(at).toISOString(), zone, grainOf(scale)));
  };
  return (
    <span
      role="slider"
      tabIndex={0}
      className={`time-handle ${edge}`}
      style={{ left: `${positionOf(scale, Date.parse(instant))}%` }}
      aria-label={words('window.handle', { lane: words(`window.${name}`), edge: ` ${words(`window.${edge}`)}` })}
      aria-orientation="horizontal"
      aria-valuemin={Math.max(bounds.from, scale.from)}
      aria-valuemax={Math.min(bounds.to, scale.to)}
      aria-valuenow={Date.parse(instant)}
      aria-valuetext={`${formatMoment(instant, 'minute', zone)}${edge === 'to' ? ` ${words('window.notIncluded')}` : ''}`}
      aria-disabled={locked}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onHold(scale);
      }}
      onPointerMove={drag}
      onPointerUp={() => onHold(undefined)}
      onPointerCancel={() => onHold(undefined)}
    />
  );
}

function stepOf({ key, shiftKey }: KeyboardEvent): { days?: number; hours?: number } | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return shiftKey ? { days: -1 } : { hours: -1 };
    case 'ArrowRight':
    case 'ArrowUp':
      return shiftKey ? { days: 1 } : { hours: 1 };
    case 'PageDown':
      return { days: -7 };
    case 'PageUp':
      return { days: 7 };
    default:
      return undefined;
  }
}
