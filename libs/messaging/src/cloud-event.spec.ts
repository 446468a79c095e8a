import { describe, expect, it } from '@jest/globals';
import { cloudEvent, headerOf, readCloudEvent, type CloudEventAttributes } from './cloud-event.ts';
import { ReceivedRecord } from './received-record.ts';

const event: CloudEventAttributes = {
  id: 'e-1',
  type: 'voucher.claimed.v1',
  source: '/ledger',
  time: '2026-11-23T06:00:00.000Z',
  subject: 'v-1',
};

const received = (headers: Record<string, Buffer | Buffer[]>) =>
  new ReceivedRecord({ key: null, value: null, headers, timestamp: '1', attributes: 0, offset: '0' }, 0n);

describe('cloudEvent', () => {
  it.each([
    ['the required attributes', event],
    ['all attributes', { ...event, partition: 0, sequence: 0, submissionId: 's-1', traceparent: '00-1-2-01' }],
  ])('reads back %s', (_, attributes) => {
    expect(readCloudEvent(cloudEvent(attributes))).toEqual(attributes);
  });

  it.each([
    ['another version', { ce_specversion: '0.3' }],
    ['no id', { ce_id: '' }],
    ['no subject', { ce_subject: '' }],
    ['a sequence that is not a number', { ce_sequence: '1e3' }],
    ['a negative partition', { ce_partition: '-1' }],
  ])('does not read %s', (_, change) => {
    expect(readCloudEvent({ ...cloudEvent(event), ...change })).toBeUndefined();
  });
});

describe('the headers of a received record', () => {
  it('are strings, have the last value of a repeated name, and may be named `__proto__`', () => {
    const bytes = Object.create(null) as Record<string, Buffer | Buffer[]>;
    bytes.one = Buffer.from('1');
    bytes.two = [Buffer.from('a'), Buffer.from('b')];
    bytes['__proto__'] = Buffer.from('p');
    const record = received(bytes);
    expect({ ...record.headers }).toMatchObject({ one: '1', two: 'b' });
    expect(Object.keys(record.headers)).toEqual(['one', 'two', '__proto__']);
    expect(headerOf(record, 'two')).toBe('b');
    expect(headerOf(record, 'three')).toBeUndefined();
  });
});
