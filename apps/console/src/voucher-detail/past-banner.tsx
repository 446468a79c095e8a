import { useTranslation } from 'react-i18next';
import { formatMoment } from '../parts/moment.ts';

/** Says that a past moment is shown. */
export function PastBanner({ at, zone }: { at: string; zone: string }) {
  const { t } = useTranslation();
  return (
    <p className="past-banner" role="status">
      <strong>{t('voucher.past', { time: `${formatMoment(at, 'second', zone)} ${zone}` })}</strong>{' '}
      {t('voucher.pastText')}
    </p>
  );
}
