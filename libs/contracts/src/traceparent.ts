// W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header

/** A span as others name it. Ids in lower-case hex; bit 0 of `traceFlags`: sampled. */
export interface SpanPlace {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The ids in a `traceparent`; undefined where it is none. */
export function readTraceparent(text: string | null | undefined): SpanPlace | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  return flags === undefined ? undefined : { traceId: traceId!, spanId: spanId!, traceFlags: parseInt(flags, 16) };
}

/** A span's place as a header tells it. */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanPlace): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
