import type { TFunction } from 'i18next';
import { formatMoment, VIEWER_ZONE } from '../parts/moment.ts';
import { formatMoney } from '../parts/money.ts';

/** The services' English sentences about failed checks, with the key of each translation. */
const SENTENCES = [
  ['isFalse', /^the condition is false$/],
  ['isNever', /^the condition is never true$/],
  ['noBoolean', /^the condition gives no boolean$/],
  ['unparsed', /^the condition cannot be read$/],
  ['more', /^(?<name>\S+) would have to be (?<number>\S+) more \((?<bound>.+)\)$/],
  ['less', /^(?<name>\S+) would have to be (?<number>\S+) less \((?<bound>.+)\)$/],
  ['missing', /^the condition cannot be evaluated: missing: (?<name>.+)$/s],
  ['mistyped', /^the condition cannot be evaluated: (types do not fit|not of its type)(: (?<name>.+))?$/s],
  ['longList', /^the condition cannot be evaluated: too long a list(: (?<name>.+))?$/s],
  ['notGiven', /^the condition cannot be evaluated: not given(: (?<name>.+))?$/s],
  ['tooMuch', /^the condition cannot be evaluated: too much to compute$/],
  ['faulty', /^the condition cannot be evaluated: (?<fault>.+)$/s],
  ['noneFree', /^0 of (?<number>\d+) units are free$/],
  ['perUser', /^at most (?<number>\d+) a user$/],
  ['noUses', /^0 of (?<number>\d+) uses are left$/],
  ['budgetLeft', /^(?<left>\d+) of (?<number>\d+) (?<currency>[A-Z]{3}) are left$/],
  ['takesOff', /^takes off (?<currency>[A-Z]{3})$/],
  ['used', /^used (?<uses>\d+) times of (?<number>\d+)$/],
  ['expired', /^expired at (?<at>\S+)$/],
  ['locked', /^locked until (?<at>\S+)$/],
  ['rolledBack', /^rolled back at (?<at>\S+)$/],
  ['allFree', /^all units are free$/],
  ['unitsFree', /^(?<number>\d+) units are free$/],
  ['atMostWait', /^at most (?<number>\d+) wait$/],
  ['atMost', /^at most (?<number>\d+)$/],
  ['closedSince', /^closed since (?<at>\S+)$/],
  ['opensAt', /^opens at (?<at>\S+)$/],
  ['opensNever', /^does not open again before its end at (?<at>\S+)$/],
  ['goodsOf', /^goods of version (?<number>\d+)$/],
  ['endsAnyway', /^it ends at (?<at>\S+) anyway$/],
  ['rankZero', /^rank 0: it (?<fault>.+)$/s],
] as const;

/**
 * Translates the reason why a check failed. An unknown sentence stays as it is.
 * @param currency the currency of the order's amount, which the services tell in minor units
 */
export function detailShown(detail: string, t: TFunction, language: string, currency?: string): string {
  // A use rule also tells the goods that it saw.
  const [, rule, goods] = /^(.+); (goods of version \d+)$/s.exec(detail) ?? [];
  if (goods) return [rule!, goods].map((part) => detailShown(part, t, language, currency)).join('; ');
  for (const [name, sentence] of SENTENCES) {
    const found = sentence.exec(detail);
    if (found)
      return t(`reasons.detail.${name}`, { ...(shownParts(found.groups ?? {}, language, currency) as object) });
  }
  return detail;
}

type Parts = Record<string, string | undefined>;

function shownParts(parts: Parts, language: string, currency: string | undefined): Record<string, string> {
  const { at } = parts;
  if (at !== undefined) return { at: `${formatMoment(at, 'second')} ${VIEWER_ZONE}` };
  return asMoney(parts, language, currency);
}

const MONEY = 'order.amount';

function asMoney(groups: Parts, language: string, currency: string | undefined): Record<string, string> {
  const { name = '', number, bound, left } = groups;
  if (left !== undefined && number !== undefined && groups['currency'] !== undefined) {
    const own = groups['currency'];
    return { left: formatMoney(Number(left), own, language), number: formatMoney(Number(number), own, language) };
  }
  if (name !== MONEY || currency === undefined) return { ...groups, name };
  const money = (minor: string): string => formatMoney(Number(minor), currency, language);
  return {
    name,
    ...(number && { number: money(number) }),
    ...(bound && { bound: bound.replace(/\d+$/, (minor) => money(minor)) }),
  };
}
