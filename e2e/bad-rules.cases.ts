// Windows, conditions, quantities and locks without a meaning. Each is refused at its place.
import type { Case } from './bad-input.cases.ts';

const NOBODY = '018bcfe5-6800-7003-8000-000000000001';
const valid = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
const hours = (days: string[], from: string, to: string) => ({ claim: { hours: [{ days, from, to }] } });

const spec = (what: string, windows: object, more: object, told: string[]): Case => [
  what,
  'POST',
  '/v1/vouchers',
  ({ staff }) => ({
    token: staff,
    body: { name: 'A voucher', resourceType: 'coupon', windows: { timeZone: 'UTC', valid, ...windows }, ...more },
  }),
  400,
  told,
];
const condition = (what: string, node: string, when: string): Case =>
  spec(what, {}, { nodes: { [node]: { when } } }, [`/nodes/${node}/when`]);
const lock = (what: string, body: object, told: string[]): Case => [
  what,
  'PUT',
  `/v1/claims/${NOBODY}/lock`,
  ({ alice }) => ({ token: alice, body }),
  400,
  told,
];

export const RULES_AND_TIMES: Case[] = [
  spec(
    'a claim window that ends before it begins',
    { claim: { from: '2026-03-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } },
    {},
    ['/windows/claim/to'],
  ),
  spec('a use window that ends as it begins', { use: { from: valid.from, to: valid.from } }, {}, ['/windows/use/to']),
  spec('hours on an unknown day', hours(['MO', 'XX'], '10:00', '22:00'), {}, ['/windows/claim/hours/0/days/1']),
  spec('a malformed hour', hours(['MO'], '10:00', '25:00'), {}, ['/windows/claim/hours/0/to']),
  spec('no hours to claim', { claim: { hours: [] } }, {}, ['/windows/claim/hours']),
  spec(
    'hours that the window never meets',
    { use: { from: '2026-03-02T00:00:00Z', to: '2026-03-04T00:00:00Z', ...hours(['SU'], '10:00', '22:00').claim } },
    {},
    ['/windows/use/hours'],
  ),
  spec('more uses than the claims allow', {}, { quantities: { claim: 2, redeem: 3 } }, ['/quantities/redeem']),
  condition('a condition with an unknown name', 'claim', 'usr.tier == "gold"'),
  condition('a condition that names what its node does not see', 'claim', 'order.amount > 1'),
  condition('a condition that is not boolean', 'use', 'order.amount'),
  condition('a condition that ends too early', 'enable', 'now >'),
  condition('a condition that costs exponential time', 'claim', 'user.name.matches("(a+)+b")'),
];

export const LOCKS: Case[] = [
  lock('a lock of zero seconds', { orderId: 'order-1', ttlSeconds: 0 }, ['/ttlSeconds']),
  lock('a lock of more than a day', { orderId: 'order-1', ttlSeconds: 86_401 }, ['/ttlSeconds']),
  lock('an order of 201 emoji', { orderId: '😀'.repeat(201), ttlSeconds: 60 }, ['/orderId']),
  lock('a lock for no order', { ttlSeconds: 60 }, ['/orderId']),
];
