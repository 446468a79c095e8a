import type { TFunction } from 'i18next';

/** The services' English sentences about failed checks, with the key of each translation. */
const SENTENCES = [
  ['isFalse', /^the condition is false$/],
  ['isNever', /^the condition is never true$/],
  ['more', /^(?<name>\S+) would have to be (?<number>\S+) more \((?<bound>.+)\)$/],
  ['less', /^(?<name>\S+) would have to be (?<number>\S+) less \((?<bound>.+)\)$/],
  ['faulty', /^the condition cannot be evaluated: (?<fault>.+)$/s],
  ['noneFree', /^0 of (?<number>\d+) units are free$/],
  ['perUser', /^at most (?<number>\d+) a user$/],
  ['noUses', /^0 of (?<number>\d+) uses are left$/],
  ['used', /^used (?<uses>\d+) times of (?<number>\d+)$/],
  ['expired', /^expired at (?<at>\S+)$/],
  ['locked', /^locked until (?<at>\S+)$/],
  ['rolledBack', /^rolled back at (?<at>\S+)$/],
] as const;

/** Translates the reason why a check failed. An unknown sentence stays as it is. */
export function detailShown(detail: string, t: TFunction): string {
  for (const [name, sentence] of SENTENCES) {
    const found = sentence.exec(detail);
    if (found) return t(`reasons.detail.${name}`, { ...(found.groups as object) });
  }
  return detail;
}
