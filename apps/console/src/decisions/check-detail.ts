import type { TFunction } from 'i18next';

const MISSING = /^(?<name>\S+) would have to be (?<number>\S+) (?<way>more|less) \((?<bound>.+)\)$/;
const FAULTY = /^the condition cannot be evaluated: (?<fault>.+)$/s;

/** Why a check failed, as the services tell it in English, in the language in use; what is unknown as it stands. */
export function detailShown(detail: string, t: TFunction): string {
  if (detail === 'the condition is false') return t('reasons.detail.isFalse');
  if (detail === 'the condition is never true') return t('reasons.detail.isNever');
  const missing = MISSING.exec(detail)?.groups;
  if (missing) return t(missing['way'] === 'more' ? 'reasons.detail.more' : 'reasons.detail.less', missing);
  const faulty = FAULTY.exec(detail)?.groups;
  return faulty ? t('reasons.detail.faulty', faulty) : detail;
}
