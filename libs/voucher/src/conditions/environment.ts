// The typed variables that each node's conditions can read. A condition that names another variable is not saved.
import type { CounterValues, Node } from '@vouchers/contracts';
import { Environment } from '@marcbachmann/cel-js';
import { ClaimSeen, CountersSeen, ItemSeen, OrderSeen, PageSeen, VoucherSeen } from './seen.ts';

const base = new Environment({ homogeneousAggregateLiterals: false })
  .registerType('Voucher', {
    ctor: VoucherSeen,
    fields: { id: 'string', version: 'int', name: 'string', resourceType: 'string', labels: 'map<string, string>' },
  })
  .registerType('Counters', {
    ctor: CountersSeen,
    fields: {
      pushed: 'int',
      claimed: 'int',
      redeemed: 'int',
      rolledBack: 'int',
      held: 'int',
      locked: 'int',
      used: 'int',
      expired: 'int',
      released: 'int',
      revoked: 'int',
      retired: 'int',
      offered: 'int',
      waiting: 'int',
      joined: 'int',
      claimedFromOffer: 'int',
      lapsed: 'int',
      left: 'int',
      extended: 'int',
      discounted: 'map<string, int>',
      free: 'dyn',
      refused: 'map<string, map<string, int>>',
    } satisfies Record<Exclude<keyof CounterValues, 'reserved'>, string>,
  })
  .registerType('Page', { ctor: PageSeen, fields: { slug: 'string' } })
  .registerType('Item', { ctor: ItemSeen, fields: { sku: 'string', quantity: 'int', amount: 'int' } })
  .registerType('Order', {
    ctor: OrderSeen,
    fields: { id: 'string', amount: 'int', currency: 'string', items: 'list<Item>', matchesGoods: 'bool' },
  })
  .registerType('Claim', { ctor: ClaimSeen, fields: { heldAt: 'google.protobuf.Timestamp', uses: 'int' } })
  .registerOperator('int == double', (a: bigint, b: number) => Number(a) === b)
  .registerVariable('now', 'google.protobuf.Timestamp')
  .registerVariable('voucher', 'Voucher')
  .registerVariable('counters', 'Counters');

const USER = 'map<string, dyn>';

export const ENVIRONMENTS: Record<Node, Environment> = {
  enable: base.clone(),
  terminate: base.clone(),
  claim: base.clone().registerVariable('user', USER).registerVariable('page', 'Page'),
  use: base
    .clone()
    .registerVariable('user', USER)
    .registerVariable('order', 'Order')
    .registerVariable('claim', 'Claim'),
};

/** All variables of all nodes. */
export const NAMES = ['now', 'voucher', 'counters', 'user', 'page', 'order', 'claim'];
