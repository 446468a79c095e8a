import { useTranslation } from 'react-i18next';
import './placeholder.css';

/** Stands where something will be, of the size that it will have. `height` in pixels a row. */
export function Placeholder({ rows = 1, height = 32 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="placeholder">
      <span className="visually-hidden">{t('frame.loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} style={{ height }} />
      ))}
    </div>
  );
}
