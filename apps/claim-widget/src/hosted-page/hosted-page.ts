// The script of /p/{slug} and /me. It signs users in at the page's issuer (code + PKCE) and gives the element its tokens.
import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import type { VoucherClaim } from '../claim-widget.ts';
import './hosted-page.css';

const CALLBACK = '/callback';
const SCOPE = 'openid profile pages:read claims:write';
/** Set after a sign-out, so that the issuer asks for the user at the next sign-in. */
const SIGNED_OUT = 'signed-out';
const RENEW_BEFORE_SECONDS = 30;

const { issuer, client } = document.documentElement.dataset as { issuer: string; client: string };
const manager = new UserManager({
  authority: issuer,
  client_id: client,
  redirect_uri: location.origin + CALLBACK,
  response_type: 'code',
  scope: SCOPE,
  userStore: new WebStorageStateStore({ store: sessionStorage }),
  automaticSilentRenew: false,
  loadUserInfo: false,
});

let renewal: Promise<User | null> | undefined;

/** A token that does not expire soon; undefined if nobody is signed in. @throws Error while the issuer is away */
async function token({ renew }: { renew: boolean }): Promise<string | undefined> {
  const user = await manager.getUser();
  if (!user) return undefined;
  if (!renew && (user.expires_in ?? Infinity) > RENEW_BEFORE_SECONDS) return user.access_token;
  // Concurrent calls share one renewal, since a refresh token can only be used once.
  renewal ??= renewed(user).finally(() => (renewal = undefined));
  return (await renewal)?.access_token;
}

/** Renews only by refresh token, never by an iframe. */
async function renewed(user: User): Promise<User | null> {
  try {
    if (user.refresh_token) return await manager.signinSilent();
  } catch (error) {
    if (!(error instanceof ErrorResponse)) throw error;
  }
  await manager.removeUser();
  showWho(null);
  return null;
}

async function signIn(): Promise<void> {
  const again = sessionStorage.getItem(SIGNED_OUT) !== null;
  await manager.signinRedirect({
    state: location.pathname + location.search,
    ...(again && { prompt: 'login' }),
  });
}

async function signOut(): Promise<void> {
  await manager.revokeTokens(['refresh_token']).catch(() => undefined);
  await manager.removeUser();
  sessionStorage.setItem(SIGNED_OUT, '1');
  location.reload();
}

function showWho(user: User | null): void {
  const { name, preferred_username, sub = '' } = user?.profile ?? {};
  element('who').textContent = name || preferred_username || sub;
  element('sign-out').hidden = !user;
  // The page with a user's own vouchers has no welcome, since its element says it.
  document.getElementById('welcome')?.toggleAttribute('hidden', user !== null);
}

const element = (id: string): HTMLElement => document.getElementById(id)!;
const showFault = (): void => {
  element('fault').hidden = false;
};

/** The issuer sent the user back: returns to the page where the sign-in began. */
async function finishSignIn(): Promise<void> {
  const user = await manager.signinCallback();
  sessionStorage.removeItem(SIGNED_OUT);
  const left =
    typeof user?.state === 'string' && /^\/(p\/[a-z0-9-]+|me)(\?.*)?$/.test(user.state) ? user.state : undefined;
  if (left) location.replace(left);
  else showFault();
}

async function showPage(): Promise<void> {
  const widget = document.querySelector('voucher-claim, my-vouchers') as VoucherClaim;
  widget.token = token;
  widget.addEventListener('voucher-token-needed', ({ detail }) => {
    if (detail.pressed) void signIn().catch(showFault);
  });
  element('sign-out').addEventListener('click', () => void signOut());
  showWho(await manager.getUser());
}

void (location.pathname === CALLBACK ? finishSignIn() : showPage()).catch(showFault);
