import { describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@vouchers/contracts';
import { packOutcomes, unpackOutcomes, type PublishedEvent } from './outcomes.message.ts';

const AT = Date.UTC(2026, 5, 1);
const [ONE, OTHER] = [uuidv7(AT, 3, 1, 1), uuidv7(AT, 3, 1, 2)];
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const event = (seq: number, more: Partial<PublishedEvent> = {}): PublishedEvent => ({
  partition: 3,
  seq,
  decidedAt: AT + seq,
  at: AT - seq,
  type: 'voucher.claimed.v1',
  voucherId: ONE,
  submissionId: uuidv7(AT, 3, 2, seq % 1_000),
  traceparent: null,
  data: Buffer.from(`{"userId":"用户-${seq}"}`),
  ...more,
});

/** The outcome that a message must give for an event. */
function outcomeOf({ data, disclosed, ...event }: PublishedEvent): object {
  const { voucherId, type, partition, seq } = event;
  const said = JSON.parse(data.toString()) as { forgotten?: object };
  if (disclosed) Object.assign(said.forgotten!, JSON.parse(disclosed));
  return { ...event, value: JSON.stringify({ voucherId, type, partition, sequence: seq, ...said }) };
}

describe('a message of outcomes', () => {
  it.each([
    ['one event', [event(1)]],
    ['the highest seq', [event(Number.MAX_SAFE_INTEGER)]],
    [
      'several vouchers and types',
      [event(1), event(2, { voucherId: OTHER }), event(3, { type: 'voucher.enabled.v1' }), event(4)],
    ],
    ['events without a submission', [event(1, { submissionId: null }), event(2), event(3, { submissionId: null })]],
    ['traces of some events', [event(1, { traceparent: TRACE }), event(2), event(9, { traceparent: '' })]],
    [
      'what is disclosed',
      [event(1, { data: Buffer.from('{"at":"","forgotten":{"a":1}}'), disclosed: '{"b":"ü"}' }), event(2)],
    ],
  ])('keeps %s', (_, events) => {
    const outcomes = unpackOutcomes(structuredClone(packOutcomes(events)));
    expect(outcomes.map((outcome) => ({ ...outcome, value: outcome.value.toString() }))).toEqual(events.map(outcomeOf));
  });
});
