// W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header

/** A span's ids in lower-case hex. Bit 0 of `traceFlags` means that it is sampled. */
export interface SpanPlace {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span in a `traceparent` header. Undefined if the text is not valid. */
export function readTraceparent(text: string | null | undefined): SpanPlace | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  return flags === undefined ? undefined : { traceId: traceId!, spanId: spanId!, traceFlags: parseInt(flags, 16) };
}

/** The `traceparent` header of a span. */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanPlace): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
