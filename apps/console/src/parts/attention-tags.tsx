import { useTranslation } from 'react-i18next';
import type { Attention } from '../app/filters.ts';

/** Coloured notes on what needs attention. */
export function AttentionTags({ of }: { of: readonly Attention[] }) {
  const { t } = useTranslation();
  return of.map((attention) => (
    <span key={attention} className={`attention attention-${attention}`}>
      {t(`terms.attention.${attention}`)}
    </span>
  ));
}
