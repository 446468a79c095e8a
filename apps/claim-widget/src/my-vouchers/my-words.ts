// The texts of the page with a user's vouchers.
import type { ClaimState } from '@vouchers/contracts';
import type { Language } from '../words/words.ts';

export interface MyWords {
  readonly ready: string;
  readonly over: string;
  readonly nothing: string;
  readonly nothingText: string;
  readonly signedOut: string;
  readonly signedOutText: string;
  readonly show: string;
  readonly showText: string;
  readonly more: string;
  readonly unnamed: string;
  readonly states: Readonly<Record<ClaimState, string>>;
}

const ENGLISH: MyWords = {
  ready: 'To use',
  over: 'Used and ended',
  nothing: 'You have no voucher yet',
  nothingText: 'What you claim on a page appears here.',
  signedOut: 'Sign in to see your vouchers',
  signedOutText: 'Here is everything that you have claimed, with the time until which you can use it.',
  show: 'Show at the till',
  showText: 'Let the till scan this code, or read the number out.',
  more: 'Show more',
  unnamed: 'Voucher',
  states: {
    held: 'To use',
    locked: 'In an order',
    redeemed: 'Used',
    expired: 'Expired',
    released: 'Given back',
    revoked: 'Taken back',
  },
};

const CHINESE: MyWords = {
  ready: '可使用',
  over: '已使用和已结束',
  nothing: '还没有凭证',
  nothingText: '在页面上领取的凭证会显示在这里。',
  signedOut: '登录后查看你的凭证',
  signedOutText: '这里有你领取的所有凭证，以及各自的使用期限。',
  show: '到店出示',
  showText: '请收银员扫描此码，或报出编号。',
  more: '显示更多',
  unnamed: '凭证',
  states: {
    held: '可使用',
    locked: '订单使用中',
    redeemed: '已使用',
    expired: '已过期',
    released: '已退还',
    revoked: '已收回',
  },
};

export const MY_WORDS: Readonly<Record<Language, MyWords>> = { 'zh-CN': CHINESE, en: ENGLISH };
