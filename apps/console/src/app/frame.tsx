import { Icon } from '../parts/icon.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Button } from '../parts/button.tsx';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { placeUnder } from '../parts/place-under.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Settings } from './frame-settings.tsx';
import { signOut, useSession, useSessionState } from './session.ts';
import { SessionEnded } from './session-ended.tsx';
import { shownKey, useKeys } from './keys.ts';

const OpenById = lazy(async () => ({ default: (await import('./open-by-id.tsx')).OpenById }));

/** The header, the links to the sections, and the current screen. */
export function Frame() {
  const { t } = useTranslation();
  const main = useRef<HTMLElement>(null);
  const [opening, setOpening] = useState(false);
  const state = useSessionState();
  const navigate = useNavigate();
  const queries = useQueryClient();
  useKeys({ 'mod+k': () => setOpening(true) });
  // The address of the screen that is shown. While the next one loads, the last one is still there.
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const shownPath = useRef(pathname);
  useEffect(() => {
    const before = shownPath.current;
    shownPath.current = pathname;
    // The first screen leaves the focus where the browser has it.
    if (before === undefined || before === pathname) return;
    // The link that was followed may be gone, and then nothing would have the focus.
    requestAnimationFrame(() => document.activeElement === document.body && main.current?.focus());
  }, [pathname]);
  useEffect(() => {
    if (state.is === 'none') void navigate({ to: '/sign-in' });
    // Requests that failed while nobody was signed in are sent again.
    if (state.is === 'open')
      void queries.refetchQueries({ type: 'active', predicate: (one) => one.state.error !== null });
  }, [state, navigate, queries]);
  return (
    <>
      <a
        className="skip-link"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('frame.skip')}
      </a>
      <header className="frame-head">
        <Link to="/vouchers" className="frame-brand">
          {t('frame.product')}
        </Link>
        <nav className="frame-nav" aria-label={t('frame.sections')}>
          <Link to="/today">{t('frame.today')}</Link>
          <Link to="/vouchers">{t('frame.vouchers')}</Link>
          <Link to="/campaigns">{t('frame.campaigns')}</Link>
          <Link to="/pages">{t('frame.pages')}</Link>
          <Link to="/activity">{t('frame.activity')}</Link>
        </nav>
        <div className="frame-tools">
          <Button icon={<Icon of="Search" />} onClick={() => setOpening(true)}>
            {t('frame.openById')} <kbd>{shownKey('K')}</kbd>
          </Button>
          <Settings />
          <Account />
        </div>
      </header>
      {state.is === 'ended' && <SessionEnded />}
      <main id="content" ref={main} tabIndex={-1} className="frame-main">
        <Suspense fallback={<Placeholder rows={6} height={44} />}>
          <Outlet />
        </Suspense>
      </main>
      {opening && (
        <Suspense>
          <OpenById onClose={() => setOpening(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The scopes of the things that a user of the console may do. */
const RIGHTS = ['vouchers:read', 'vouchers:write', 'vouchers:publish', 'ledger:read'] as const;

function Account() {
  const { t } = useTranslation();
  const { sub, name, team, scopes } = useSession();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button ref={button} popoverTarget={id} aria-label={`${t('frame.account')}: ${name}`}>
        {name}
      </Button>
      <div
        id={id}
        popover="auto"
        className="menu"
        onToggle={({ currentTarget, newState }) => newState === 'open' && placeUnder(button.current!, currentTarget)}
      >
        {name !== sub && <p className="muted">{sub}</p>}
        <p className="muted">{t('frame.team', { team })}</p>
        <ul className="rights">
          {RIGHTS.map((scope) => (
            <li key={scope} className={scopes.has(scope) ? '' : 'muted'}>
              {scopes.has(scope) ? '✓' : '✗'} {t(`frame.rights.${scope}`)}
            </li>
          ))}
        </ul>
        {RIGHTS.some((scope) => !scopes.has(scope)) && <p className="muted">{t('frame.askForRights')}</p>}
        <Button type="link" onClick={() => void signOut()}>
          {t('frame.signOut')}
        </Button>
      </div>
    </>
  );
}
