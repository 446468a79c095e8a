// Computes the texts and the buttons of one voucher from the page's module and what was pressed.
import type { PageData, PageModule, Reason } from '@vouchers/contracts';
import { isLate, isUnderWay, type Attempt } from '../claiming/attempt.ts';
import type { Request } from '../platform/platform.client.ts';
import { moneyText, worthOf, type Worth } from '../words/benefit.ts';
import { WIDGET_REASONS, type WidgetReason } from '../words/widget-reasons.ts';
import { countdownText, momentText } from '../words/moment.ts';
import { WORDS } from '../words/languages.ts';
import type { Language, OwnState, ShownState, Words } from '../words/words.ts';

/** A page's module. If it comes from `data`, it may also have one of the widget's own states. */
export type WidgetModule = Omit<PageModule, 'state'> & { state: PageModule['state'] | OwnState };

/** The type of `data`: a page as the platform returns it. Its modules may also have one of the widget's own states. */
export type WidgetData = Omit<PageData, 'modules'> & { modules: WidgetModule[] };

/** The part of a quote that the widget reads, as `POST /v1/quotes` answers it. */
export interface WidgetQuote {
  readonly inapplicable: readonly { voucherId: string; shortfall?: { amount: number; currency: string } }[];
}

/** The effect of a press. `none`: the button stays and keeps its focus, but does nothing. */
export type Action = Request | 'sign-in' | 'none';

export interface ButtonView {
  readonly label: string;
  readonly action: Action;
}

export interface ModuleView extends ButtonView {
  readonly state: ShownState;
  readonly worth: Worth;
  readonly title: string;
  /** Staff's own words about it. */
  readonly description: string;
  readonly terms: string;
  /** A second button: to extend a claim, or to decline, join or leave while the first one says something else. */
  readonly second: ButtonView | undefined;
  /** If set, the button is a link to this address. */
  readonly href: string | undefined;
  readonly message: string;
  /** Tells if the message is good or bad news. */
  readonly tone: 'good' | 'bad' | '';
}

export interface ViewContext {
  readonly language: Language;
  readonly now: number;
  readonly online: boolean;
  /** The quote of the order that the customer is making. */
  readonly quote?: WidgetQuote | undefined;
}

export const DAY_MS = 86_400_000;

export function viewOf(module: WidgetModule, attempt: Attempt, context: ViewContext): ModuleView {
  const { language, online } = context;
  const words = WORDS[language];
  const state = shownState(module, attempt, online);
  const href = state === 'claimed' ? linkOf(module) : undefined;
  return {
    state,
    worth: worthOf(module as PageModule, words, language),
    title: module.name,
    description: module.description ?? '',
    terms: termsOf(module, state, words, context).join(' · '),
    ...(href ? button(words.useNow) : firstOf(module, state, attempt, words)),
    second: secondOf(module, state, words),
    href,
    message: messageOf(module, state, attempt, words, context),
    tone: attempt.status === 'refused' || state === 'error' ? 'bad' : state === 'claimed' ? 'good' : '',
  };
}

/** Whether a press claims it: it is free, or a unit is set aside for the customer. */
const isClaimable = (state: ShownState): boolean => state === 'claimable' || state === 'offered';

/** The time at which the voucher begins, if nothing but time prevents claims. Unix milliseconds. */
export function startOf({ state, windows, reason }: WidgetModule, now: number): number | undefined {
  const start = Math.max(Date.parse(windows.valid.from), Date.parse(windows.claim.from));
  return state === 'not-started' && reason !== 'not-enabled' && start > now ? start : undefined;
}

/** The end of the unit that is set aside for the user. Unix milliseconds. */
export function offerEndOf({ entry }: WidgetModule, now: number): number | undefined {
  const end = Date.parse(entry?.offer?.until ?? '');
  return end > now ? end : undefined;
}

/** The next time at which a voucher begins or an offer ends; Infinity if there is none. */
export const nextTurn = (modules: readonly WidgetModule[], now: number): number =>
  Math.min(...modules.map((module) => startOf(module, now) ?? offerEndOf(module, now) ?? Infinity));

function shownState(module: WidgetModule, attempt: Attempt, online: boolean): ShownState {
  const { status } = attempt;
  if (status === 'granted' && !attempt.shown) return attempt.request === 'claim' ? 'claimed' : 'pending';
  if (status === 'offline' || status === 'signed-out') return status;
  if (isUnderWay(attempt)) return online ? 'pending' : 'offline';
  if (status === 'failed' || status === 'faulty') return 'error';
  return module.state;
}

const button = (label: string, action: Action = 'none'): ButtonView => ({ label, action });

function firstOf(
  { operations, waitingList }: WidgetModule,
  state: ShownState,
  attempt: Attempt,
  words: Words,
): ButtonView {
  const { labels, requests } = words;
  if (isClaimable(state)) return button(operations.claimLabel || labels.claimable, 'claim');
  if (state === 'sold-out' && waitingList?.open) return button(requests.join, 'join');
  if (state === 'waiting') return button(requests.leave, 'leave');
  if (state === 'error') return button(labels.error, requestOf(attempt));
  if (state === 'pending') return button(pendingText(attempt, words));
  return button(labels[state], state === 'signed-out' ? 'sign-in' : 'none');
}

function secondOf(
  { state: own, entry, extension, waitingList }: WidgetModule,
  state: ShownState,
  { requests }: Words,
): ButtonView | undefined {
  if (state !== own) return undefined; // while something else is under way
  if (state === 'claimed' && extension?.open) return button(requests.extend, 'extend');
  if (entry?.state === 'offered') return button(requests.decline, 'leave');
  if (entry?.state === 'waiting' && state !== 'waiting') return button(requests.leave, 'leave');
  return waitingList?.open && state === 'not-started' ? button(requests.join, 'join') : undefined;
}

const requestOf = (attempt: Attempt): Request => ('request' in attempt ? attempt.request : 'claim');

const pendingText = (attempt: Attempt, { labels, moment }: Words): string =>
  requestOf(attempt) === 'claim' ? labels.pending : moment;

/** Only https, so that an address typed by staff can never be a script. */
function linkOf({ operations: { afterClaim } }: WidgetModule): string | undefined {
  const url = (afterClaim?.type === 'link' && afterClaim.url) || '';
  return URL.canParse(url) && new URL(url).protocol === 'https:' ? url : undefined;
}

function termsOf(module: WidgetModule, state: ShownState, words: Words, { language, now }: ViewContext): string[] {
  const { windows, claim, minimum, benefit, goods } = module;
  const terms: string[] = [];
  if (state === 'ended' || state === 'redeemed') return terms;
  const moment = (time: number, end?: boolean): string => momentText(time, windows.timeZone, language, now, end);
  // Only a benefit with a currency has a minimum.
  if (minimum) terms.push(words.ordersFrom(moneyText(minimum, (benefit as { currency: string }).currency, language)));
  if (goods) terms.push(words.goods(goods));
  const start = startOf(module, now);
  const offerEnd = offerEndOf(module, now);
  if (claim && (state === 'claimed' || state === 'locked')) {
    const from = Date.parse(claim.useFrom);
    if (from > now) terms.push(words.useFrom(moment(from)));
    terms.push(words.useUntil(moment(Date.parse(claim.useUntil), true)));
  } else if (offerEnd) {
    if (offerEnd - now <= DAY_MS) terms.push(words.left(countdownText(offerEnd - now)));
  } else if (start)
    terms.push(start - now > DAY_MS ? words.startsAt(moment(start)) : words.startsIn(countdownText(start - now)));
  else if (state !== 'claimed')
    terms.push(words.claimUntil(moment(Math.min(Date.parse(windows.claim.to), Date.parse(windows.valid.to)), true)));
  return terms;
}

function messageOf(
  module: WidgetModule,
  state: ShownState,
  attempt: Attempt,
  words: Words,
  { language, now, quote }: ViewContext,
): string {
  if (attempt.status === 'refused') return sentence(attempt.reason, language);
  const { entry, reason, lapsed, windows } = module;
  const end = (time: number): string => momentText(time, windows.timeZone, language, now, true);
  const done = attempt.status === 'granted' && attempt.request !== 'join' ? words.done[attempt.request] : '';
  switch (state) {
    case 'claimed': {
      const missing = quote?.inapplicable.find((one) => one.shortfall && one.voucherId === module.voucherId)?.shortfall;
      if (missing) return words.toUse(moneyText(missing.amount, missing.currency, language));
      return requestOf(attempt) === 'extend' ? done : (afterClaimText(module) ?? done);
    }
    case 'pending':
      return isLate(attempt, now) ? words.late : pendingText(attempt, words);
    case 'offline':
      return words.offline;
    case 'signed-out':
      return words.signedOut;
    case 'error':
      return words.failed;
    case 'offered': {
      const until = offerEndOf(module, now);
      return until ? words.reservedUntil(end(until)) : '';
    }
    case 'waiting':
      return [
        entry?.ahead === undefined ? words.labels.waiting : words.ahead(entry.ahead),
        ...(reason === 'paused' ? [sentence(reason, language)] : []),
      ].join(' · ');
    default:
      // Outside of its daily hours, or a limit that the user has reached.
      if (
        reason &&
        (state === 'not-started' ? !startOf(module, now) : state === 'not-eligible' && reason === 'per-user-limit')
      )
        return sentence(reason, language);
      if (requestOf(attempt) === 'leave') return done;
      return lapsed ? words.lapsed(end(Date.parse(lapsed))) : '';
  }
}

const sentence = (reason: Reason | undefined, language: Language): string =>
  WIDGET_REASONS[language][reason as WidgetReason] ?? WIDGET_REASONS[language].unreadable;

const afterClaimText = ({ operations: { afterClaim } }: WidgetModule): string | undefined =>
  (afterClaim?.type === 'message' && afterClaim.text) || undefined;
