// The reasons that the widget's requests or a page's voucher may have. It never gets the others, so their sentences are
// in customer-sentences.ts, which makes the widget smaller.
import type { Reason } from '@vouchers/contracts';
import type { Language } from './words.ts';

export type WidgetReason = Extract<
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
  | 'no-waiting-list'
  | 'already-waiting'
  | 'units-free'
  | 'waiting-list-full'
  | 'not-waiting'
  | 'claim-expired'
  | 'claim-released'
  | 'claim-revoked'
  | 'already-redeemed'
  | 'no-extension'
  | 'extension-limit'
  | 'others-wait'
  | 'nothing-to-extend'
  | 'unreadable'
>;

/** The customer's sentences. They never reveal the rule. */
export const WIDGET_REASONS: Readonly<Record<Language, Readonly<Record<WidgetReason, string>>>> = {
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
    'already-redeemed': '这张券已经使用过',
    'claim-expired': '这张券已过期',
    'claim-released': '这张券已退还',
    'claim-revoked': '这张券已收回',
    'no-waiting-list': '无需排队',
    'already-waiting': '您已在排队',
    'units-free': '还有剩余，请直接领取',
    'waiting-list-full': '排队人数已满，请稍后再来',
    'not-waiting': '您没有在排队',
    'no-extension': '这张券不能延期',
    'extension-limit': '不能再次延期',
    'others-wait': '还有其他人在等候',
    'nothing-to-extend': '已是最长期限',
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
    'already-redeemed': 'You have used this one',
    'claim-expired': 'This one has expired',
    'claim-released': 'This one was given back',
    'claim-revoked': 'This one was withdrawn',
    'no-waiting-list': 'There is nothing to wait for',
    'already-waiting': 'You are waiting already',
    'units-free': 'Some are left: claim one now',
    'waiting-list-full': 'Too many are waiting, come back later',
    'not-waiting': 'You are not waiting',
    'no-extension': 'It can’t be extended',
    'extension-limit': 'It can’t be extended again',
    'others-wait': 'Others are waiting for it',
    'nothing-to-extend': 'It can’t last any longer',
    unreadable: 'No success, try again',
  },
};
