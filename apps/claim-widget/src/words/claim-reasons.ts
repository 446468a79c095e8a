// The reasons that a claim or a page's voucher may have. The widget never gets the others, so their sentences are in
// customer-sentences.ts, which makes the widget smaller.
import type { Reason } from '@vouchers/contracts';
import type { Language } from './words.ts';

export type ClaimReason = Extract<
  Reason,
  | 'not-published'
  | 'not-enabled'
  | 'paused'
  | 'terminated'
  | 'outside-valid-window'
  | 'outside-claim-window'
  | 'claim-rule'
  | 'sold-out'
  | 'per-user-limit'
  | 'unreadable'
>;

/** The customer's sentences. They never reveal the rule. */
export const CLAIM_REASONS: Readonly<Record<Language, Readonly<Record<ClaimReason, string>>>> = {
  'zh-CN': {
    'not-published': '尚未开始',
    'not-enabled': '尚未开始',
    paused: '已暂停，请稍后再来',
    terminated: '已结束',
    'outside-valid-window': '现在不在领取时间内',
    'outside-claim-window': '现在不在领取时间内',
    'claim-rule': '暂不符合领取条件',
    'sold-out': '已领完',
    'per-user-limit': '您已达到领取上限',
    unreadable: '没有处理成功，请再试一次',
  },
  en: {
    'not-published': 'Not started yet',
    'not-enabled': 'Not started yet',
    paused: 'Paused, come back later',
    terminated: 'Ended',
    'outside-valid-window': 'It can’t be claimed at this time',
    'outside-claim-window': 'It can’t be claimed at this time',
    'claim-rule': 'You can’t claim this one',
    'sold-out': 'All claimed',
    'per-user-limit': 'You have claimed all you can',
    unreadable: 'No success, try again',
  },
};
