// Makes the checks of what a benefit takes off fail: by single redemptions, and by an order call where no other reaches one.
import type { VoucherSpecInput } from '@vouchers/contracts';
import { order } from './actor.ts';
import type { Refusal, Scene } from './refusals.cases.ts';

const LATER = '2026-06-01T12:30:00.000Z';
const OFF: Partial<VoucherSpecInput> = { benefit: { type: 'amount-off', amount: 1_000, currency: 'EUR' } };

const redeem = async (scene: Scene, currency = 'EUR') =>
  scene.actor.redeem(await scene.held(), order('order-2', 9_999, { currency }), { at: LATER });

export const OF_CHECKOUT: Refusal[] = [
  { kind: 'redemption', reason: 'order-required', spec: { ...OFF, combine: {} }, ask: (scene) => redeem(scene) },
  {
    kind: 'redemption',
    reason: 'currency-mismatch',
    spec: OFF,
    ask: (scene) => redeem(scene, 'CNY'),
    detail: 'takes off EUR',
  },
  {
    kind: 'redemption',
    reason: 'budget-reached',
    spec: { ...OFF, quantities: { budget: { amount: 1_500, currency: 'EUR' } } },
    async ask(scene) {
      await scene.redeemed(await scene.held('bob'));
      return redeem(scene);
    },
    detail: '500 of 1500 EUR are left',
  },
  {
    kind: 'lock',
    judgedAs: 'redemption',
    reason: 'no-effect',
    spec: { ...OFF, goods: [{ sku: 'A-1' }] },
    async ask(scene) {
      const items = [{ sku: 'B-2', quantity: 1, amount: 9_999 }];
      return scene.actor.useAll([await scene.held()], order('order-2', 9_999, { items }), { at: LATER });
    },
  },
];
