// Computes the texts and the button of one voucher from the page's module and the attempt to claim it.
import type { PageModule, Reason } from '@vouchers/contracts';
import { isLate, isUnderWay, type Attempt } from '../claiming/attempt.ts';
import { moneyText, worthOf, type Worth } from '../words/benefit.ts';
import { CLAIM_REASONS, type ClaimReason } from '../words/claim-reasons.ts';
import { countdownText, momentText } from '../words/moment.ts';
import { WORDS } from '../words/languages.ts';
import type { Language, OwnState, ShownState, Words } from '../words/words.ts';

/** A page's module. If it comes from `data`, it may also have one of the widget's own states. */
export type WidgetModule = Omit<PageModule, 'state'> & { state: PageModule['state'] | OwnState };

/** The effect of a press. `none`: the button stays and keeps its focus, but does nothing. */
export type Action = 'claim' | 'sign-in' | 'none';

export interface ModuleView {
  readonly state: ShownState;
  readonly worth: Worth;
  readonly title: string;
  /** Staff's own words about it. */
  readonly description: string;
  readonly terms: string;
  readonly label: string;
  readonly action: Action;
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
}

export const DAY_MS = 86_400_000;

export function viewOf(module: WidgetModule, attempt: Attempt, { language, now, online }: ViewContext): ModuleView {
  const words = WORDS[language];
  const state = shownState(module, attempt, online);
  const href = state === 'claimed' ? linkOf(module) : undefined;
  return {
    state,
    worth: worthOf(module as PageModule, words, language),
    title: module.name,
    description: module.description ?? '',
    terms: termsOf(module, state, words, { language, now, online }).join(' · '),
    label: labelOf(module, state, words, href),
    action: isClaimable(state) || state === 'error' ? 'claim' : state === 'signed-out' ? 'sign-in' : 'none',
    href,
    message: messageOf(module, state, attempt, { language, now, online }),
    tone: state === 'claimed' ? 'good' : attempt.status === 'refused' || state === 'error' ? 'bad' : '',
  };
}

/** Whether a press claims it: it is free, or a unit is set aside for the customer. */
const isClaimable = (state: ShownState): boolean => state === 'claimable' || state === 'offered';

/** The time at which the voucher begins, if nothing but time prevents claims. Unix milliseconds. */
export function startOf({ state, windows, reason }: WidgetModule, now: number): number | undefined {
  const start = Math.max(Date.parse(windows.valid.from), Date.parse(windows.claim.from));
  return state === 'not-started' && reason !== 'not-enabled' && start > now ? start : undefined;
}

function shownState(module: WidgetModule, attempt: Attempt, online: boolean): ShownState {
  const { status } = attempt;
  if (status === 'claimed' && isClaimable(module.state)) return status;
  if (status === 'offline' || status === 'signed-out') return status;
  if (isUnderWay(attempt)) return online ? 'pending' : 'offline';
  if (status === 'failed' || status === 'faulty') return 'error';
  return module.state;
}

function labelOf({ operations }: WidgetModule, state: ShownState, words: Words, href: string | undefined): string {
  if (isClaimable(state)) return operations.claimLabel || words.labels.claimable;
  return href ? words.useNow : words.labels[state];
}

/** Only https, so that an address typed by staff can never be a script. */
function linkOf({ operations: { afterClaim } }: WidgetModule): string | undefined {
  const url = (afterClaim?.type === 'link' && afterClaim.url) || '';
  return URL.canParse(url) && new URL(url).protocol === 'https:' ? url : undefined;
}

function termsOf(module: WidgetModule, state: ShownState, words: Words, { language, now }: ViewContext): string[] {
  const { windows, claim, minimum, benefit } = module;
  const terms: string[] = [];
  if (state === 'ended' || state === 'redeemed') return terms;
  const moment = (time: number, end?: boolean): string => momentText(time, windows.timeZone, language, now, end);
  // Only a benefit with a currency has a minimum.
  if (minimum) terms.push(words.ordersFrom(moneyText(minimum, (benefit as { currency: string }).currency, language)));
  const start = startOf(module, now);
  if (claim && (state === 'claimed' || state === 'locked')) {
    const from = Date.parse(claim.useFrom);
    if (from > now) terms.push(words.useFrom(moment(from)));
    terms.push(words.useUntil(moment(Date.parse(claim.useUntil), true)));
  } else if (start)
    terms.push(start - now > DAY_MS ? words.startsAt(moment(start)) : words.startsIn(countdownText(start - now)));
  else if (state !== 'claimed')
    terms.push(words.claimUntil(moment(Math.min(Date.parse(windows.claim.to), Date.parse(windows.valid.to)), true)));
  return terms;
}

function messageOf(module: WidgetModule, state: ShownState, attempt: Attempt, { language, now }: ViewContext): string {
  const words = WORDS[language];
  if (attempt.status === 'refused') return sentence(attempt.reason, language);
  switch (state) {
    case 'claimed':
      return afterClaimText(module) ?? (attempt.status === 'claimed' ? words.claimed : '');
    case 'pending':
      return isLate(attempt, now) ? words.late : words.labels.pending;
    case 'offline':
      return words.offline;
    case 'signed-out':
      return words.signedOut;
    case 'error':
      return words.failed;
    case 'offered': {
      const until = Date.parse(module.entry?.offer?.until ?? '');
      return until ? words.reservedUntil(momentText(until, module.windows.timeZone, language, now, true)) : '';
    }
    case 'not-started': // outside of its daily hours
      return module.reason && startOf(module, now) === undefined ? sentence(module.reason, language) : '';
    case 'not-eligible':
      return module.reason === 'per-user-limit' ? sentence(module.reason, language) : '';
    default:
      return '';
  }
}

const sentence = (reason: Reason | undefined, language: Language): string =>
  CLAIM_REASONS[language][reason as ClaimReason] ?? CLAIM_REASONS[language].unreadable;

const afterClaimText = ({ operations: { afterClaim } }: WidgetModule): string | undefined =>
  (afterClaim?.type === 'message' && afterClaim.text) || undefined;
