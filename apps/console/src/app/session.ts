// Who is signed in: code + PKCE by oidc-client-ts, renewed by refresh token, never by an iframe.
// The session lies in localStorage: a sign-in in another tab continues the work in this one.
import { ErrorResponse, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts';
import { useSyncExternalStore } from 'react';
import type { Scope } from '@vouchers/contracts';
import { ApiProblem } from '../api/api-problem.ts';

export interface Session {
  readonly sub: string;
  readonly team: string;
  readonly scopes: ReadonlySet<string>;
}

/** `none`: nobody is signed in; `ended`: the token ran out in the middle of the work. */
export type SessionState = { readonly is: 'none' | 'ended' } | { readonly is: 'open'; readonly session: Session };

const SCOPES: readonly Scope[] = ['vouchers:read', 'vouchers:write', 'vouchers:publish', 'pages:read', 'ledger:read'];
const RENEW_BEFORE_SECONDS = 60;

let users: UserManager | undefined;
let state: SessionState = { is: 'none' };
let user: User | undefined;
let renewal: Promise<void> | undefined;
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Prepares signing in and takes up the session that this browser holds. */
export async function openSession(issuer: string, clientId = 'console'): Promise<void> {
  const { origin } = location;
  users = new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${origin}/callback`,
    post_logout_redirect_uri: `${origin}/`,
    scope: ['openid', 'offline_access', ...SCOPES].join(' '),
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false,
    monitorSession: false,
  });
  await takeUp();
  addEventListener('storage', ({ key }) => {
    if (key?.startsWith('oidc.user:')) void takeUp();
  });
}

async function takeUp(): Promise<void> {
  user = (await users!.getUser()) ?? undefined;
  if (!user) return become({ is: state.is === 'none' ? 'none' : 'ended' });
  if (user.expired && !user.refresh_token) return become({ is: state.is === 'open' ? 'ended' : 'none' });
  become({ is: 'open', session: sessionIn(user.access_token) });
}

/** Signs in at the issuer and returns to `path`. */
export async function signIn(path: string): Promise<void> {
  await users!.signinRedirect({ state: path });
}

/** Ends the way back from the issuer. Gives the path to go on with. */
export async function signedIn(): Promise<string> {
  const answered = await users!.signinCallback();
  await takeUp();
  return typeof answered?.state === 'string' && /^\/(?!\/)/.test(answered.state) ? answered.state : '/vouchers';
}

export async function signOut(): Promise<void> {
  await users!.removeUser();
  user = undefined;
  become({ is: 'none' });
  await users!.signoutRedirect().catch(() => location.assign('/sign-in'));
}

const isEnding = (one: User): boolean => (one.expires_in ?? 0) < RENEW_BEFORE_SECONDS;

/**
 * A token that is good for now, renewed if it is about to end. Empty where there is none: the service answers 401.
 * @throws ApiProblem where the token has ended and the issuer cannot be reached
 */
export async function accessToken(): Promise<string> {
  if (user?.refresh_token && isEnding(user)) await (renewal ??= renew().finally(() => (renewal = undefined)));
  return user?.access_token ?? '';
}

/** A refresh token is good for one use: of all tabs one renews, the others take up what it was given. */
async function renew(): Promise<void> {
  await navigator.locks.request('console.renewal', async () => {
    try {
      const kept = await users!.getUser();
      user = kept && !isEnding(kept) ? kept : ((await users!.signinSilent()) ?? user);
      if (user && !user.expired) become({ is: 'open', session: sessionIn(user.access_token) });
    } catch (error) {
      if (!user?.expired) return;
      if (!(error instanceof ErrorResponse)) throw new ApiProblem({ status: 0, detail: (error as Error).message });
      sessionEnded();
    }
  });
}

/** A service refused the token. What was typed stays; the frame asks to sign in again. */
export function sessionEnded(): void {
  if (state.is === 'open') become({ is: 'ended' });
}

function sessionIn(token: string): Session {
  const [, payload = ''] = token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes)) as { sub: string; team?: string; scope?: string };
  return { sub: claims.sub, team: claims.team ?? 'default', scopes: new Set((claims.scope ?? '').split(' ')) };
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSessionState = (): SessionState => useSyncExternalStore(subscribe, () => state);
export const sessionState = (): SessionState => state;

let lastSession: Session = { sub: '', team: '', scopes: new Set() };

/** Who works here. A session that has ended stays on show until its owner has signed in again. */
export function useSession(): Session {
  const current = useSessionState();
  if (current.is === 'open') lastSession = current.session;
  return lastSession;
}

/** Whether the token allows it: `useMay('vouchers:publish')`. */
export const useMay = (scope: Scope): boolean => useSession().scopes.has(scope);
