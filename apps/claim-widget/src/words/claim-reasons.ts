// The reasons that a claim, or a voucher on a page, may get. The sentences for all others stand in other-reasons.ts:
// the widget never meets those, and is smaller without them.
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

/** What a customer reads. It never tells the rule. */
export const CLAIM_REASONS: Readonly<Record<Language, Readonly<Record<ClaimReason, string>>>> = {
  'zh-CN': {
    'not-published': '活动尚未开放',
    'not-enabled': '活动尚未开始',
    paused: '活动已暂停，请稍后再来',
    terminated: '活动已终止',
    'outside-valid-window': '现在不在活动时间内',
    'outside-claim-window': '现在不在领取时间内',
    'claim-rule': '暂不符合领取条件',
    'sold-out': '已被领完',
    'per-user-limit': '您已达到领取上限',
    unreadable: '没有处理成功，请再试一次',
  },
  en: {
    'not-published': 'This offer is not open yet',
    'not-enabled': 'This offer has not started yet',
    paused: 'This offer is paused, come back later',
    terminated: 'This offer has been closed',
    'outside-valid-window': 'This offer is not running now',
    'outside-claim-window': 'It can’t be claimed at this time',
    'claim-rule': 'You can’t claim this one',
    'sold-out': 'All have been claimed',
    'per-user-limit': 'You have claimed all you can',
    unreadable: 'That did not work, try again',
  },
};
