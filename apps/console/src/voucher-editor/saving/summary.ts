// Says in a sentence what a voucher gives, to whom and when, and warns of what is seldom meant.
import type { VoucherSpec } from '@vouchers/contracts';
import type { TFunction } from 'i18next';
import { benefitShown, formatCount } from '../../parts/money.ts';
import type { Words } from '../editor-words.ts';
import { audienceOf } from './audience.ts';

export const WARNINGS = ['unlimited', 'everyone', 'no-benefit', 'copy', 'many-each', 'over'] as const;
export type Warning = (typeof WARNINGS)[number];

/** `1,000 units of ¥20 off, for gold and vip, 10 Nov 2026 – 9 Jan 2027, one each.` */
export function summaryOf(spec: VoucherSpec, language: string, words: Words, t: TFunction): string {
  const { benefit, quantities, nodes, windows, resourceType } = spec;
  const units = quantities.claim;
  const what = benefitShown(benefit, language, t) || t(`terms.resource.${resourceType}`);
  const day = (at: string): string =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      dateStyle: 'medium',
      timeZone: windows.timeZone,
    }).format(Date.parse(at));
  // The end is exclusive, so the last day is that of the millisecond before it.
  const last = new Date(Date.parse(windows.claim.to) - 1).toISOString();
  return words('summary.sentence', {
    units:
      units === null
        ? words('summary.unlimited', { what })
        : words('summary.units', { number: formatCount(units, language), what }),
    whom: whomOf(nodes.claim.when, language, words),
    from: day(windows.claim.from),
    to: day(last),
    each: eachOf(nodes.claim.perUser, language, words),
  });
}

function whomOf(when: string, language: string, words: Words): string {
  const audience = audienceOf(when);
  if (!audience) return words('summary.everyone');
  if (audience.values.length === 0) return words('summary.byRule');
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const values = audience.values.map((some) => list.format(some)).join(' + ');
  return words(audience.isNarrower ? 'summary.some' : 'summary.only', { values });
}

function eachOf(perUser: number | null, language: string, words: Words): string {
  if (perUser === null) return words('summary.eachAny');
  return perUser === 1
    ? words('summary.eachOne')
    : words('summary.eachMany', { number: formatCount(perUser, language) });
}

/** @param now Unix milliseconds */
export function warningsOf({ name, benefit, quantities, nodes, windows }: VoucherSpec, now: number): Warning[] {
  const found: Record<Warning, boolean> = {
    unlimited: quantities.claim === null,
    everyone: nodes.claim.when.trim() === 'true',
    'no-benefit': benefit === undefined,
    copy: /\(copy\)|（副本）|\(副本\)/i.test(name),
    'many-each': nodes.claim.perUser === null,
    over: Date.parse(windows.claim.to) <= now,
  };
  return WARNINGS.filter((warning) => found[warning]);
}
