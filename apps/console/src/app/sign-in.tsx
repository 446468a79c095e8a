import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from '../parts/button.tsx';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signInFilters } from './filters.ts';
import { Problem } from '../parts/problem.tsx';
import { Settings } from './frame-settings.tsx';
import { isLocalIssuer, signedIn, signIn } from './session.ts';
import { signInProblem } from './sign-in-problem.ts';
import './sign-in.css';

/** The path after a sign-in in a new tab, which was needed since the session of another tab had ended. */
const AGAIN = '/sign-in?again=done';

/** `/sign-in`: redirects to the issuer. `again`: the session of another tab has ended. */
export function SignInPage() {
  const { t } = useTranslation();
  const { from = '/vouchers', again } = signInFilters({ ...useSearch({ from: '/sign-in' }) });
  const [error, setError] = useState<unknown>();
  const [isLocal, setLocal] = useState(false);
  const go = (path: string): void => {
    setError(undefined);
    signIn(path).catch(setError);
  };
  useEffect(() => {
    isLocalIssuer().then(setLocal, () => undefined);
  }, []);
  useEffect(() => {
    if (again === 'start') go(AGAIN);
    if (again === 'done') close();
  }, [again]);
  return (
    <main className="sign-in">
      <span className="frame-brand">{t('frame.product')}</span>
      <h1>{t(again === 'done' ? 'frame.signedIn' : 'frame.signInTitle')}</h1>
      <p className="muted">
        {t(again === 'done' ? 'frame.signedInClose' : isLocal ? 'frame.signInLocally' : 'frame.signInText')}
      </p>
      {error !== undefined && <Problem error={signInProblem(error, t)} onRetry={() => go(from)} />}
      {again !== 'done' && (
        <Button type="primary" size="large" onClick={() => go(again ? AGAIN : from)}>
          {t('frame.signIn')}
        </Button>
      )}
      <Settings />
    </main>
  );
}

/** `/callback`: the issuer redirects to this screen after the sign-in. */
export function SignedIn() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    signedIn().then((path) => navigate({ href: path, replace: true }), setError);
  }, [navigate]);
  if (error === undefined) return <main className="sign-in">{t('frame.signingIn')}</main>;
  return (
    <main className="sign-in">
      <Problem error={signInProblem(error, t)} onRetry={() => void navigate({ to: '/sign-in' })} />
    </main>
  );
}
