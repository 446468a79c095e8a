import { useTranslation } from 'react-i18next';
import './placeholder.css';

/** Takes the place of content that is loading, in its final size. `height`: pixels per row. */
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
