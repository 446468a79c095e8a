// The customer's sentences for refusals of other requests than claims. Shops and the console use them.
import type { Reason } from '@vouchers/contracts';
import { CLAIM_REASONS, type ClaimReason } from './claim-reasons.ts';
import type { Language } from './words.ts';

const OTHER_REASONS: Readonly<Record<Language, Readonly<Record<Exclude<Reason, ClaimReason>, string>>>> = {
  'zh-CN': {
    'outside-use-window': '现在不在使用时间内',
    'use-rule': '这笔订单暂不符合使用条件',
    'redeem-quantity-reached': '活动的使用名额已满',
    'already-redeemed': '这张券已经使用过',
    'claim-expired': '这张券已过期',
    'claim-released': '这张券已退还',
    'claim-revoked': '这张券已收回',
    locked: '这张券正在订单中使用',
    'locked-by-other-order': '这张券正在另一笔订单中使用',
    'not-locked': '这张券没有被订单占用',
    'already-rolled-back': '这次使用已撤销',
  },
  en: {
    'outside-use-window': 'It can’t be used at this time',
    'use-rule': 'It can’t be used for this order',
    'redeem-quantity-reached': 'This offer has been used up',
    'already-redeemed': 'You have used this one',
    'claim-expired': 'This one has expired',
    'claim-released': 'This one was given back',
    'claim-revoked': 'This one was withdrawn',
    locked: 'This one is in an order',
    'locked-by-other-order': 'This one is in another order',
    'not-locked': 'This one is in no order',
    'already-rolled-back': 'This use was undone already',
  },
};

/** The customer's sentence for each reason, in both languages. */
export const CUSTOMER_SENTENCES: Readonly<Record<Language, Readonly<Record<Reason, string>>>> = {
  'zh-CN': { ...CLAIM_REASONS['zh-CN'], ...OTHER_REASONS['zh-CN'] },
  en: { ...CLAIM_REASONS.en, ...OTHER_REASONS.en },
};
