// The type of the widget's texts in one language.
import type { GoodsShown, ModuleState, ResourceType } from '@vouchers/contracts';
import type { Request } from '../platform/platform.client.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The widget's own states, in addition to those of a page's module. */
export type OwnState = 'loading' | 'pending' | 'offline' | 'signed-out' | 'error' | 'paused';
export type ShownState = ModuleState | OwnState;

export interface Words {
  /** The button's label, by state. */
  readonly labels: Readonly<Record<ShownState, string>>;
  /** The button's label, where a press asks for that. A press that leaves may also decline an offer. */
  readonly requests: Readonly<Record<Exclude<Request, 'claim'> | 'decline', string>>;
  /** The message after a request that was granted, unless the voucher tells it. */
  readonly done: Readonly<Record<Exclude<Request, 'join'>, string>>;
  readonly moment: string;
  /** A user who waits. `count`: how many are ahead. */
  readonly ahead: (count: number) => string;
  readonly left: (time: string) => string;
  readonly useNow: string;
  readonly decline: string;
  readonly close: string;
  readonly resources: Readonly<Record<ResourceType, string>>;
  readonly popupTitle: string;
  readonly late: string;
  readonly offline: string;
  readonly signedOut: string;
  readonly failed: string;
  readonly empty: string;
  readonly reservedUntil: (time: string) => string;
  /** A user who did not claim the unit in time. */
  readonly lapsed: (time: string) => string;
  readonly claimUntil: (time: string) => string;
  readonly useUntil: (time: string) => string;
  readonly useFrom: (time: string) => string;
  readonly startsAt: (time: string) => string;
  readonly startsIn: (time: string) => string;
  readonly upTo: (money: string) => string;
  readonly goods: (shown: GoodsShown) => string;
  readonly ordersFrom: (money: string) => string;
  /** The money that an order lacks before the voucher can be used. */
  readonly toUse: (money: string) => string;
  /** The figure and the unit beside it. */
  readonly percentOff: (percent: number) => readonly [string, string];
  readonly amountOff: string;
  readonly interestFree: (days: number) => readonly [string, string];
}

/** Any kind of Chinese is zh-CN, every other language is English. */
export const languageOf = (tag: string | null | undefined): Language => (/^zh\b/i.test(tag ?? '') ? 'zh-CN' : 'en');
