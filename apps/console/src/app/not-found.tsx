import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Empty } from '../parts/empty.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty title={t('frame.notFound')}>
      <Link to="/vouchers">{t('frame.toVouchers')}</Link>
    </Empty>
  );
}
