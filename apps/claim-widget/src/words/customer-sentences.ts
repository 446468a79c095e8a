// The customer's sentences for refusals of requests that the widget does not send. Shops and the console use them.
import type { QuoteReason, Reason } from '@vouchers/contracts';
import { WIDGET_REASONS, type WidgetReason } from './widget-reasons.ts';
import type { Language } from './words.ts';

type OtherReason = Exclude<Reason, WidgetReason> | QuoteReason;

const OTHER_REASONS: Readonly<Record<Language, Readonly<Record<OtherReason, string>>>> = {
  'zh-CN': {
    'outside-use-window': '现在不在使用时间内',
    'use-rule': '这笔订单暂不符合使用条件',
    'redeem-quantity-reached': '活动的使用名额已满',
    locked: '这张券正在订单中使用',
    'locked-by-other-order': '这张券正在另一笔订单中使用',
    'not-locked': '这张券没有被订单占用',
    'already-rolled-back': '这次使用已撤销',
    'order-required': '这张券请在结算时使用',
    'currency-mismatch': '这张券不适用于订单的币种',
    'no-effect': '这张券对这笔订单没有优惠',
    'budget-reached': '活动的优惠金额已用完',
    'not-combinable': '这张券不能与其他所选的券同时使用',
    'not-better': '已有更优惠的组合',
  },
  en: {
    'outside-use-window': 'It can’t be used at this time',
    'use-rule': 'It can’t be used for this order',
    'redeem-quantity-reached': 'This offer has been used up',
    locked: 'This one is in an order',
    'locked-by-other-order': 'This one is in another order',
    'not-locked': 'This one is in no order',
    'already-rolled-back': 'This use was undone already',
    'order-required': 'Use it at the checkout',
    'currency-mismatch': 'It is for orders in another currency',
    'no-effect': 'It takes nothing off this order',
    'budget-reached': 'This offer has been used up',
    'not-combinable': 'It can’t be used together with the others',
    'not-better': 'You save as much or more without it',
  },
};

/** The customer's sentence for each reason of a refusal or a quote, in both languages. */
export const CUSTOMER_SENTENCES: Readonly<Record<Language, Readonly<Record<Reason | QuoteReason, string>>>> = {
  'zh-CN': { ...WIDGET_REASONS['zh-CN'], ...OTHER_REASONS['zh-CN'] },
  en: { ...WIDGET_REASONS.en, ...OTHER_REASONS.en },
};
