import { useTranslation } from 'react-i18next';
import './session-ended.css';

/** The token has ended in the middle of the work: what was typed stays, a new tab signs in again. */
export function SessionEnded() {
  const { t } = useTranslation();
  return (
    <div className="session-ended" role="alert">
      <strong>{t('frame.sessionEnded')}</strong>
      <span>{t('frame.sessionEndedText')}</span>
      <a href="/sign-in?again=start" target="_blank" rel="opener">
        {t('frame.signInAgain')}
      </a>
    </div>
  );
}
