// The spans of a batch: one for each of its decisions that belongs to a sampled trace, from when the batch was begun
// to its commit, which is a span within. What a decision's events name as their cause is its span.
import { causedBy, endSpan, SpanKind, startSpan, type Span } from '@vouchers/messaging';
import type { VoucherEvent } from '@vouchers/voucher';

export class BatchSpans {
  private readonly decisions: Span[] = [];

  constructor(
    private readonly partition: number,
    /** Unix milliseconds. */
    private readonly begunAt: number,
  ) {}

  /** A decision of the batch, about to be drafted. @returns the `traceparent` that its events bear. */
  decide(traceparent: string | null, events: readonly VoucherEvent[]): string | null {
    if (traceparent === null) return null;
    // Nodes may have been judged before it: the verdict is the one that bears the submission's id.
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

  /** The batch goes to Postgres. @returns to be told how that ended. */
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
