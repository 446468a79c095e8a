import { describe, expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { attributesNamed, onlyNamed } from '../conditions/names.ts';
import { definitionOf, Story } from '../../testing/story.ts';

const NOON = '2026-11-10T12:00:00.000Z';
const order = { id: 'order', amount: 5000, currency: 'EUR' };
const attributes = { tier: 'gold', city: 'Wien', age: 30, shoe: 44 };

describe('an attribute that a node records', () => {
  const nodes: VoucherSpecInput['nodes'] = {
    claim: { when: "user.tier == 'gold'", record: ['city', 'tier', 'missing'] },
    use: { when: 'user.age > 18', record: ['city'] },
  };

  it('is kept as a fact of granted and refused decisions, like attributes that conditions name', () => {
    const story = new Story();
    story.define({ nodes });
    expect(story.ask('claim', NOON, { attributes: { ...attributes, tier: 'tin' }, userId: 'bob' })).toBe('claim-rule');
    expect(story.verdict.facts).toEqual({ 'user.tier': 'tin', 'user.age': 30, 'user.city': 'Wien' });
    expect(story.ask('claim', NOON, { attributes })).toBe('granted');
    expect(story.verdict.facts).toEqual({ 'user.tier': 'gold', 'user.age': 30, 'user.city': 'Wien' });
    expect(story.claim.facts).toEqual(story.verdict.facts);
    expect(story.ask('redemption', NOON, { order, attributes: { city: 'Graz', shoe: 40 } })).toBe('use-rule');
    expect(story.verdict.facts).toEqual({ 'user.city': 'Graz' });
    // A redemption without attributes uses those of the claim.
    expect(story.ask('redemption', NOON, { order })).toBe('granted');
    expect(story.verdict.facts).toEqual({ 'user.age': 30, 'user.city': 'Wien' });
  });

  it('is among the version’s named attributes, like those that its conditions name', () => {
    const names = attributesNamed(definitionOf({ nodes }));
    expect([...names].sort()).toEqual(['age', 'city', 'missing', 'tier']);
    expect(onlyNamed(attributes, names)).toEqual({ tier: 'gold', city: 'Wien', age: 30 });
    expect(onlyNamed(attributes, attributesNamed(definitionOf()))).toEqual({});
  });

  it('does not exist in a version of release 0.1.0', () => {
    const definition = definitionOf({ nodes: { claim: { when: "user.tier == 'gold'" } } });
    const { claim, use } = definition.spec.nodes;
    delete claim.record;
    delete use.record;
    const story = new Story();
    story.take({ type: 'definition', at: Date.parse(NOON), value: definition });
    expect(story.ask('claim', NOON, { attributes })).toBe('granted');
    expect(story.verdict.facts).toEqual({ 'user.tier': 'gold' });
    expect(story.voucher!.definition).toBe(definition);
  });
});

describe('the record of a submission beside its verdict', () => {
  it('is empty for a granted claim and has the claim id of a refused one', () => {
    const story = new Story();
    story.define();
    story.submit('claim', NOON, { strippedBy: 1 });
    expect(story.verdict.submission).toEqual({});
    story.submit('claim', NOON, { claimId: 'second', strippedBy: 1 });
    expect(story.verdict.submission).toEqual({ claimId: 'second' });
  });

  it('has the version by which attributes were removed, if another version decided', () => {
    const story = new Story();
    story.define();
    story.define({ nodes: { claim: { when: "user.tier == 'gold'" } } });
    story.submit('claim', NOON, { strippedBy: 1 });
    expect(story.verdict.submission).toEqual({ claimId: 'claim', strippedBy: 1 });
    story.submit('claim', NOON, { attributes, strippedBy: 3 });
    expect(story.verdict.submission).toEqual({ strippedBy: 3 });
  });

  it('has the order and time of a lock, and the input of a redemption', () => {
    const story = new Story();
    story.define({ nodes: { use: { when: 'order.matchesGoods' } } });
    story.submit('claim', NOON);
    story.submit('lock', NOON, { ttlSeconds: 60 });
    expect(story.verdict.submission).toEqual({ orderId: 'order', ttlSeconds: 60 });
    story.submit('unlock', NOON, { orderId: 'other' });
    expect(story.verdict.submission).toEqual({ orderId: 'other' });
    story.submit('redemption', NOON, { order, matchesGoods: false, goodsVersion: 1, attributes: {} });
    expect(story.verdict.submission).toEqual({
      redemptionId: 'redemption',
      order,
      matchesGoods: false,
      goodsVersion: 1,
      attributesGiven: true,
    });
    story.submit('redemption', NOON, { order, matchesGoods: true, goodsVersion: 1 });
    expect(story.verdict.submission).toEqual({ matchesGoods: true, goodsVersion: 1 });
    story.submit('rollback', NOON);
    expect(story.verdict.submission).toEqual({});
  });

  it('is absent for an unreadable submission and for events without a submission', () => {
    const story = new Story();
    story.define();
    story.submit('lock', NOON, { claimId: 'nobody has it' });
    expect(story.verdict).toMatchObject({ reason: 'unreadable', submission: undefined });
    expect(
      story.events.filter(({ submissionId }) => submissionId === undefined).map(({ submission }) => submission),
    ).toEqual(story.events.slice(1).map(() => undefined));
  });
});
