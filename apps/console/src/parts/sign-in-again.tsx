import { useTranslation } from 'react-i18next';

/** Signs in again in a new tab: what was typed in this one stays. */
export function SignInAgain() {
  const { t } = useTranslation();
  return (
    <a href="/sign-in?again=start" target="_blank" rel="opener">
      {t('frame.signInAgain')}
    </a>
  );
}
