import { describe, expect, it } from '@jest/globals';
import type { Claim, EventData } from '@vouchers/contracts';
import { commitmentOf, derivedSalt, GENESIS, hashOf, personalOf, type HashedEvent } from './event.hash.ts';

const ID = '01934f6e-0000-7003-8000-000000000001';
const NOON = '2026-11-10T12:00:00.000Z';
const claim: Claim = {
  ...{ id: ID, voucherId: ID, voucherVersion: 1, userId: 'alice', state: 'locked' as const, uses: 1 },
  ...{ heldAt: NOON, useFrom: NOON, useUntil: NOON, lock: { orderId: 'o-1', until: NOON } },
};
const order = { id: 'o-1', amount: 5_000, currency: 'EUR', items: [{ sku: 'a', quantity: 1, amount: 5_000 }] };
const said: EventData = {
  ...{ voucherVersion: 1, team: 'default', labels: { b: '1', a: '2' }, at: NOON, occurredAt: NOON, decidedAt: NOON },
  ...{
    userId: 'alice',
    pageSlug: 'spring',
    claim,
    before: 'held' as const,
    endedBy: 'uses' as const,
    comment: 'words',
  },
  redemption: { id: ID, claimId: ID, voucherId: ID, userId: 'alice', order, at: NOON },
  ...{ bodyHash: 'body', asker: 'asker', by: { sub: 'staff', team: 'default' }, followedBy: 1 },
  checks: [{ check: 'sold-out', passed: true }],
};
const event: HashedEvent = {
  ...{ partition: 3, seq: 7, type: 'voucher.redeemed.v1' as const, voucherId: ID, submissionId: ID },
  ...{ facts: '{"user.tier":"gold"}', submission: '{"goodsVersion":1}', salt: ID, commitment: null, said },
};
const changed = (changes: Partial<EventData>): HashedEvent => ({ ...event, said: { ...said, ...changes } });
const hash = hashOf(GENESIS, event);

describe('the hash of an event', () => {
  it.each<[string, HashedEvent]>([
    ['seq', { ...event, seq: 8 }],
    ['partition', { ...event, partition: 4 }],
    ['type', { ...event, type: 'voucher.locked.v1' }],
    ['submission id', { ...event, submissionId: null, commitment: commitmentOf(event) }],
    ['facts', { ...event, facts: '{"user.tier":"none"}' }],
    ['recorded submission', { ...event, submission: null }],
    ['user', changed({ userId: 'mallory' })],
    ["claim's user", changed({ claim: { ...claim, userId: 'mallory' } })],
    ["claim's state", changed({ claim: { ...claim, state: 'held' } })],
    ["claim's lock", changed({ claim: { ...claim, lock: { orderId: 'o-2', until: NOON } } })],
    ["lock's end", changed({ claim: { ...claim, lock: { orderId: 'o-1', until: '2026-11-10T13:00:00.000Z' } } })],
    ["redemption's user", changed({ redemption: { ...said.redemption!, userId: 'mallory' } })],
    ["order's amount", changed({ redemption: { ...said.redemption!, order: { ...order, amount: 1 } } })],
    ["order's items", changed({ redemption: { ...said.redemption!, order: { ...order, items: [] } } })],
    ['asker', changed({ asker: 'other' })],
    ['actor', changed({ by: { sub: 'other', team: 'default' } })],
    ['checks', changed({ checks: [{ check: 'sold-out', passed: false }] })],
    ['labels', changed({ labels: { a: '1', b: '2' } })],
    ['time', changed({ at: '2026-11-10T12:00:00.001Z' })],
    ['reason', changed({ reason: 'sold-out' })],
    ['version', changed({ voucherVersion: 2 })],
  ])('changes with its %s', (_, other) => {
    expect(hashOf(GENESIS, other)).not.toBe(hash);
  });

  it('changes with the hash before it', () => {
    expect(hashOf(hash, event)).not.toBe(hash);
  });

  it('does not change with the time of the decision, nor if jsonb sorts the keys', () => {
    const later = { ...said, decidedAt: '2026-12-01T00:00:00.000Z', labels: { a: '2', b: '1' } };
    const backwards = Object.fromEntries(Object.entries(later).reverse()) as unknown as EventData;
    expect(hashOf(GENESIS, { ...event, said: backwards })).toBe(hash);
  });

  it.each<[string, object, string]>([
    [
      'lines with and without sku',
      { amount: 3, currency: 'EUR', lines: [{ sku: 'A "1"', amount: 1 }, { amount: 2 }] },
      '9bb80ac829ac66b1c9c7ef0248c621daf8ddb5ac1a6a6fc74e653e18d5d04071',
    ],
    [
      'other orders of the keys',
      { lines: [{ amount: 1, sku: 'A "1"' }, { amount: 2 }], currency: 'EUR', amount: 3 },
      '9bb80ac829ac66b1c9c7ef0248c621daf8ddb5ac1a6a6fc74e653e18d5d04071',
    ],
    [
      'a field that only a later release writes',
      { amount: 1, currency: 'EUR', lines: [{ amount: 1, more: { b: 1, a: 2 } }] },
      '20708559d93c60e32f5ee54b1efb2b81122bc037fe2afbfe4f7c46d4830b5af6',
    ],
  ])('of a redemption with a discount stays for ever: %s', (_, discount, expected) => {
    const order = { id: 'o', amount: 1, currency: 'EUR' };
    const redemption = { id: ID, claimId: ID, voucherId: ID, userId: 'alice', order, at: NOON, discount } as never;
    const times = { at: NOON, occurredAt: NOON, decidedAt: NOON };
    const said: EventData = { voucherVersion: 1, team: 'default', labels: {}, ...times, userId: 'a', redemption };
    expect(hashOf(GENESIS, { ...event, facts: null, submission: null, said })).toBe(expected);
  });

  it('stays when a user is forgotten, since the commitment stands for all that named the user', () => {
    const { asker: _, comment: __, bodyHash: ___, by: ____, ...rest } = said;
    const forgotten: HashedEvent = {
      ...event,
      ...{ salt: null, commitment: commitmentOf(event), facts: null, submission: null },
      said: {
        ...rest,
        userId: 'forgotten',
        claim: { ...claim, userId: 'forgotten', lock: { orderId: '', until: NOON } },
        redemption: { ...said.redemption!, userId: 'forgotten', order: { id: '', amount: 5_000, currency: 'EUR' } },
      },
    };
    expect(hashOf(GENESIS, forgotten)).toBe(hash);
    expect(personalOf(forgotten)).not.toMatch(/alice|o-1|asker|words|staff|gold/);
  });

  it('leaves out the user of an event that no submission caused', () => {
    const own: HashedEvent = { ...event, submissionId: null, salt: null };
    const other = { ...own, said: { ...said, userId: 'forgotten', claim: { ...claim, userId: 'forgotten' } } };
    expect(hashOf(GENESIS, other)).toBe(hashOf(GENESIS, own));
    expect(commitmentOf(own)).toBe('');
  });

  it('cannot be made of a verdict event without salt; the secret of the database gives it one', () => {
    expect(() => hashOf(GENESIS, { ...event, salt: null })).toThrow('event 3:7 has no salt');
    const salts = ['a', 'a', 'b'].map((secret) => derivedSalt(Buffer.from(secret), ID));
    expect(salts[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(salts[1]).toBe(salts[0]);
    expect(salts[2]).not.toBe(salts[0]);
  });
});
