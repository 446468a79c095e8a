// The spans of a batch. Each decision of a sampled trace has a span from the beginning of the batch to its commit, with
// a child span for the commit. The decision's events name this span as their cause.
import { causedBy, endSpan, SpanKind, startSpan, type Span } from '@vouchers/messaging';
import type { VoucherEvent } from '@vouchers/voucher';

export class BatchSpans {
  private readonly decisions: Span[] = [];

  constructor(
    private readonly partition: number,
    /** Unit: Unix ms. */
    private readonly begunAt: number,
  ) {}

  /** Starts the span of a decision. @returns the `traceparent` of its events */
  decide(traceparent: string | null, events: readonly VoucherEvent[]): string | null {
    if (traceparent === null) return null;
    // Events of nodes may come before the verdict. Only the verdict has the submission's id.
    const { type, reason } = events.find(({ submissionId }) => submissionId !== undefined) ?? events[0]!;
    const attributes = {
      'messaging.destination.partition.id': String(this.partition),
      'voucher.event': type,
      ...(reason !== undefined && { 'voucher.reason': reason }),
    };
    const options = { kind: SpanKind.CONSUMER, startTime: this.begunAt, attributes };
    const span = startSpan('decide', traceparent, options);
    if (!span) return traceparent;
    this.decisions.push(span);
    return causedBy(span);
  }

  /** Starts the spans of the commit. @returns a function that ends all spans, with the error if there is one */
  commit(events: number): (error?: unknown) => void {
    const { decisions } = this;
    if (decisions.length === 0) return () => undefined;
    const attributes = { 'db.system.name': 'postgresql', 'db.operation.batch.size': events };
    const commits = decisions.map((span) => startSpan('commit', causedBy(span), { kind: SpanKind.CLIENT, attributes }));
    return (error) => {
      for (const span of commits) if (span) endSpan(span, error);
      for (const span of decisions) endSpan(span, error);
    };
  }
}
