import { useTranslation } from 'react-i18next';

/** A link to sign in again in a new tab, so that edits in this one stay. */
export function SignInAgain() {
  const { t } = useTranslation();
  return (
    <a href="/sign-in?again=start" target="_blank" rel="opener">
      {t('frame.signInAgain')}
    </a>
  );
}
