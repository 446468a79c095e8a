// Tests both sides of every limit of waiting list, notices and extension. Written from the design, not from the code.
import { describe, expect, it } from '@jest/globals';
import { checkCondition, specFaults } from '@vouchers/voucher';

const spec = (fields: object): unknown => ({
  name: 'Voucher',
  resourceType: 'coupon',
  quantities: { claim: 10 },
  windows: {
    timeZone: 'Europe/Berlin',
    valid: { from: '2026-11-01T00:00:00+01:00', to: '2026-12-01T00:00:00+01:00' },
  },
  ...fields,
});
const list = (fields: object): object => ({ waitingList: fields });

describe('a spec', () => {
  it.each<[string, object]>([
    ['no waiting list', { waitingList: null, notices: null, extension: null }],
    ['an empty waiting list', list({})],
    ['a limit of 1', list({ limit: 1 })],
    ['no limit', list({ limit: null })],
    ['an offer of a second', list({ offerFor: 'PT1S' })],
    ['minUse 0', list({ minUse: 'P0D' })],
    ['five notices', { notices: ['P5D', 'P4D', 'P3D', 'P2D', 'P1D'] }],
    ['no notices', { notices: [] }],
    ['two that are as long', { notices: ['P1D', 'PT24H'] }],
    ['one extension', { extension: { length: 'PT1S', times: 1 } }],
  ])('has %s', (_, fields) => {
    expect(specFaults(spec(fields))).toEqual([]);
  });

  it.each<[string, object]>([
    ['/waitingList', { waitingList: {}, quantities: {} }],
    ['/waitingList', { waitingList: 'yes' }],
    ['/waitingList/limit', list({ limit: 0 })],
    ['/waitingList/limit', list({ limit: 1.5 })],
    ['/waitingList/size', list({ size: 1 })],
    ['/waitingList/offerFor', list({ offerFor: 'PT0S' })],
    ['/waitingList/offerFor', list({ offerFor: '1 day' })],
    ['/waitingList/offerFor', list({ offerFor: 'P9999Y' })],
    ['/waitingList/minUse', list({ minUse: '-PT1S' })],
    ['/waitingList/minUse', list({ minUse: 'P9999Y' })],
    ['/waitingList/rank', list({ rank: 5 })],
    ['/waitingList/rank', list({ rank: "user.tier == 'vip'" })],
    ['/waitingList/rank', list({ rank: 'order.amount' })],
    ['/notices', { notices: ['P6D', 'P5D', 'P4D', 'P3D', 'P2D', 'P1D'] }],
    ['/notices', { notices: 'P1D' }],
    ['/notices/1', { notices: ['P1D', 'P1D'] }],
    ['/notices/0', { notices: ['PT0S'] }],
    ['/notices/0', { notices: ['P9999Y'] }],
    ['/extension/length', { extension: { times: 1 } }],
    ['/extension/length', { extension: { length: 'PT0S', times: 1 } }],
    ['/extension/times', { extension: { length: 'P1D', times: 0 } }],
    ['/extension/times', { extension: { length: 'P1D' } }],
  ])('is wrong at %s: %j', (pointer, fields) => {
    const faults = specFaults(spec(fields));
    expect(faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(faults[0]!.message).not.toBe('');
  });
});

describe('a rank', () => {
  it.each([
    ['0', true],
    ['-1.5', true],
    ["user.tier == 'vip' ? 2 : 1", true],
    ['user.score', true],
    ['counters.waiting', true],
    ['true', false],
    ["'2'", false],
    ['[1]', false],
    ['claim.uses', false],
    ['order.amount', false],
    ["user.tier == 'vip' ? 2 : 'no'", false],
  ])('%s: %s', (rank, ok) => {
    expect(checkCondition('rank', rank).ok).toBe(ok);
  });
});
