import { formatMoment, VIEWER_ZONE, type Precision } from './moment.ts';

/** A time in a zone (default: the viewer's). A hint shows the exact time in both zones. */
export function Moment({ at, precision, zone = VIEWER_ZONE }: { at: string; precision?: Precision; zone?: string }) {
  const own = zone === VIEWER_ZONE ? '' : ` · ${formatMoment(at, 'second')} ${VIEWER_ZONE}`;
  return (
    <time dateTime={at} title={`${formatMoment(at, 'second', zone)} ${zone}${own}`}>
      {formatMoment(at, precision, zone)}
    </time>
  );
}
