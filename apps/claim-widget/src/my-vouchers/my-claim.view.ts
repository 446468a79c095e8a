// Computes the texts of one claim in its user's list.
import type { ClaimListed, PageModule } from '@vouchers/contracts';
import { moneyText, worthOf, type Worth } from '../words/benefit.ts';
import { WORDS } from '../words/languages.ts';
import { momentText } from '../words/moment.ts';
import type { Language } from '../words/words.ts';
import { MY_WORDS } from './my-words.ts';

export interface MyClaimView {
  readonly id: string;
  readonly isLive: boolean;
  readonly worth: Worth;
  readonly title: string;
  readonly description: string;
  readonly terms: string;
  readonly state: string;
  /** The shop's address, if staff set one. Only https. */
  readonly href: string | undefined;
}

export function myClaimView(claim: ClaimListed, language: Language, now: number): MyClaimView {
  const { id, state, voucher, useFrom, useUntil } = claim;
  const [words, mine] = [WORDS[language], MY_WORDS[language]];
  // A claim whose end has passed may be recorded as expired a little later.
  const isLive = (state === 'held' || state === 'locked') && Date.parse(useUntil) > now;
  return {
    id,
    isLive,
    worth: voucher ? worthOf(voucher as unknown as PageModule, words, language) : { figure: '', unit: '', note: '' },
    title: voucher?.name.trim() || mine.unnamed,
    description: voucher?.description ?? '',
    terms: isLive ? termsOf({ voucher, useFrom, useUntil }, language, now).join(' · ') : '',
    state: mine.states[!isLive && (state === 'held' || state === 'locked') ? 'expired' : state],
    href: isLive && /^https:/i.test(voucher?.link ?? '') ? voucher!.link : undefined,
  };
}

function termsOf(
  { voucher, useFrom, useUntil }: Pick<ClaimListed, 'voucher' | 'useFrom' | 'useUntil'>,
  language: Language,
  now: number,
): string[] {
  const words = WORDS[language];
  const zone = voucher?.timeZone ?? 'UTC';
  const { minimum, benefit, goods } = voucher ?? {};
  const from = Date.parse(useFrom);
  return [
    // Only a benefit with a currency has a minimum.
    ...(minimum ? [words.ordersFrom(moneyText(minimum, (benefit as { currency: string }).currency, language))] : []),
    ...(goods ? [words.goods(goods)] : []),
    ...(from > now ? [words.useFrom(momentText(from, zone, language, now))] : []),
    words.useUntil(momentText(Date.parse(useUntil), zone, language, now, true)),
  ];
}
