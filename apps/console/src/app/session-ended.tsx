import { useTranslation } from 'react-i18next';
import { SignInAgain } from '../parts/sign-in-again.tsx';
import './session-ended.css';

/** The token has ended in the middle of the work: what was typed stays, a new tab signs in again. */
export function SessionEnded() {
  const { t } = useTranslation();
  return (
    <div className="session-ended" role="alert">
      <strong>{t('frame.sessionEnded')}</strong>
      <span>{t('frame.sessionEndedText')}</span>
      <SignInAgain />
    </div>
  );
}
