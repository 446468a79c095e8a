import type { TFunction } from 'i18next';

const MISSING = /^(\S+) would have to be (\S+) (more|less) \((.+)\)$/;
const FAULTY = /^the condition cannot be evaluated: (.+)$/s;

/** Why a check failed, as the services tell it in English, in the language in use; what is unknown as it stands. */
export function detailShown(detail: string, t: TFunction): string {
  if (detail === 'the condition is false') return t('reasons.detail.isFalse');
  if (detail === 'the condition is never true') return t('reasons.detail.isNever');
  const [, name, number, way, bound] = MISSING.exec(detail) ?? [];
  if (way) return t(`reasons.detail.${way as 'more' | 'less'}`, { name, number, bound });
  const [, fault] = FAULTY.exec(detail) ?? [];
  return fault ? t('reasons.detail.faulty', { fault }) : detail;
}
