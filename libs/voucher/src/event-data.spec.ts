import { describe, expect, it } from '@jest/globals';
import { decodeEvent, encodeEvent } from './event-data.ts';
import { Story } from '../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const recording = { decidedAt: Date.parse('2026-11-10T12:00:01.000Z'), team: 'default', labels: { campaign: '26' } };

describe('an event’s data', () => {
  it('have the form of contract.md, without facts', () => {
    const story = new Story();
    story.define({ nodes: { claim: { when: "user.tier == 'gold'" } } });
    story.submit('claim', NOON, { attributes: { tier: 'gold' }, pageSlug: 'home' });
    story.submit('lock', '2026-11-10T12:00:30.000Z');
    const [, , claimed, locked] = story.events.map((event) =>
      JSON.parse(JSON.stringify(encodeEvent(event, recording))),
    );
    expect(claimed).toMatchObject({
      voucherVersion: 1,
      team: 'default',
      labels: { campaign: '26' },
      at: NOON,
      occurredAt: NOON,
      decidedAt: '2026-11-10T12:00:01.000Z',
      userId: 'alice',
      pageSlug: 'home',
      bodyHash: 'hash',
      claim: { id: 'claim', state: 'held', uses: 0, heldAt: NOON },
    });
    expect(JSON.stringify(claimed)).not.toContain('gold');
    expect(locked).toMatchObject({
      before: 'held',
      claim: { state: 'locked', lock: { orderId: 'order', until: '2026-11-10T12:01:30.000Z' } },
    });
  });

  it('give the event back, without the fields that are stored beside them', () => {
    const story = new Story();
    story.define({ nodes: { use: { perClaim: 2 } } });
    story.submit('push', NOON);
    story.submit('claim', NOON);
    story.submit('lock', NOON);
    story.submit('redemption', NOON);
    story.submit('redemption', NOON, { redemptionId: 'second' });
    story.submit('rollback', NOON);
    story.submit('release', NOON);
    story.submit('release', NOON);
    const order = { id: 'order', amount: 5000, currency: 'EUR' };
    const money = { amount: 100, currency: 'EUR', version: 1 };
    const orderCall = '018f0000-0000-8000-8000-00000000000a';
    story.submit('claim', NOON, { claimId: 'reserved', userId: 'bob' });
    story.submit('lock', NOON, { claimId: 'reserved', userId: 'bob', ttlSeconds: 90 });
    story.submit('lock', NOON, { claimId: 'reserved', userId: 'bob', order, orderCall, discount: money });
    const discount = { ...money, lines: [{ sku: 'A-1', amount: 100 }] };
    story.submit('redemption', NOON, { claimId: 'reserved', redemptionId: 'third', order, orderCall, discount });
    story.submit('rollback', NOON, { claimId: 'reserved', redemptionId: 'third', hold: true });
    expect(story.events).toHaveLength(15);
    for (const event of story.events) {
      const data = JSON.parse(JSON.stringify(encodeEvent(event, recording)));
      expect(decodeEvent(event.type, event.voucherId, event.submissionId, data)).toEqual({
        ...event,
        facts: {},
        submission: undefined,
      });
    }
  });
});
