// The widget's texts, for any language.
import type { ModuleState, ResourceType } from '@vouchers/contracts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** States of the widget's own, beside those that a page's module may have. */
export type OwnState = 'loading' | 'pending' | 'offline' | 'signed-out' | 'error';
export type ShownState = ModuleState | OwnState;

export interface Words {
  /** The button's label, by state. */
  readonly labels: Readonly<Record<ShownState, string>>;
  readonly useNow: string;
  readonly decline: string;
  readonly close: string;
  readonly resources: Readonly<Record<ResourceType, string>>;
  readonly popupTitle: string;
  readonly claimed: string;
  readonly late: string;
  readonly offline: string;
  readonly signedOut: string;
  readonly failed: string;
  readonly empty: string;
  readonly claimUntil: (time: string) => string;
  readonly useUntil: (time: string) => string;
  readonly useFrom: (time: string) => string;
  readonly startsAt: (time: string) => string;
  readonly startsIn: (time: string) => string;
  readonly upTo: (money: string) => string;
  /** Figure and what stands beside it. */
  readonly percentOff: (percent: number) => readonly [string, string];
  readonly amountOff: string;
  readonly interestFree: (days: number) => readonly [string, string];
}

/** Chinese of any kind is zh-CN, all else is English. */
export const languageOf = (tag: string | null | undefined): Language => (/^zh\b/i.test(tag ?? '') ? 'zh-CN' : 'en');
