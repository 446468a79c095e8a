import { useTranslation } from 'react-i18next';
import { SignInAgain } from '../parts/sign-in-again.tsx';
import './session-ended.css';

/** Shown if the token expired during work. Edits stay, and the user signs in again in a new tab. */
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
