// The session of the user who is signed in. It is stored in localStorage, so a sign-in in another tab also counts here.
import { useSyncExternalStore } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import {
  isKeptUserKey,
  keptUser,
  nameIn,
  RENEW_BEFORE_SECONDS,
  secondsLeft,
  type KeptUser,
  type Profile,
} from './kept-user.ts';

export interface Session {
  readonly sub: string;
  /** The name to show: that of the issuer, or `sub`. */
  readonly name: string;
  readonly team: string;
  readonly scopes: ReadonlySet<string>;
}

/** `none`: nobody is signed in. `ended`: the token expired during work. */
export type SessionState = { readonly is: 'none' | 'ended' } | { readonly is: 'open'; readonly session: Session };

let issuing: { readonly issuer: string; readonly clientId: string; readonly scope: string | undefined };
let state: SessionState = { is: 'none' };
let user: KeptUser | undefined;
let renewal: Promise<void> | undefined;
const listeners = new Set<() => void>();

function setState(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Opens the session that this browser stores, and follows its changes. */
export function openSession(issuer: string, clientId = 'console', scope?: string): void {
  issuing = { issuer, clientId, scope };
  readSession();
  addEventListener('storage', ({ key }) => {
    if (isKeptUserKey(key)) readSession();
  });
}

function readSession(): void {
  user = keptUser(issuing.issuer, issuing.clientId);
  if (!user) return setState({ is: state.is === 'none' ? 'none' : 'ended' });
  if (hasEnded(user) && !user.refresh_token) return setState({ is: state.is === 'open' ? 'ended' : 'none' });
  setState({ is: 'open', session: sessionOf(user) });
}

const hasEnded = (one: KeptUser): boolean => secondsLeft(one) <= 0;
const isEnding = (one: KeptUser): boolean => secondsLeft(one) < RENEW_BEFORE_SECONDS;

let loading: ReturnType<typeof loadManager> | undefined;

async function loadManager() {
  const { userManagerOf } = await import('./oidc-client.ts');
  return userManagerOf(issuing.issuer, issuing.clientId, issuing.scope);
}

/** The library for requests to the issuer, loaded at its first use. Rejects if it cannot be loaded. */
const manager = () =>
  (loading ??= loadManager().catch((error: Error) => {
    loading = undefined;
    throw new ApiProblem({ status: 0, detail: error.message });
  }));

/** Whether the issuer is the one of `npm start`, where everyone is whom they choose. */
export async function isLocalIssuer(): Promise<boolean> {
  const answer = await fetch(`${issuing.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  return ((await answer.json()) as { voucher_platform_local?: boolean }).voucher_platform_local === true;
}

/** Signs in at the issuer and returns to `path`. */
export async function signIn(path: string): Promise<void> {
  const users = await manager();
  await users.signinRedirect({ state: path });
}

/** Completes a sign-in after the issuer's redirect. @returns the path where the sign-in began */
export async function signedIn(): Promise<string> {
  const users = await manager();
  const answered = await users.signinCallback();
  readSession();
  return typeof answered?.state === 'string' && /^\/(?!\/)/.test(answered.state) ? answered.state : '/vouchers';
}

export async function signOut(): Promise<void> {
  const [users, { revoke }] = await Promise.all([manager(), import('./oidc-client.ts')]);
  const kept = await users.getUser();
  // It is forgotten here first, whatever the issuer answers, and however late.
  await users.removeUser();
  user = undefined;
  if (kept?.refresh_token) await revoke(users, kept.refresh_token).catch(() => undefined);
  setState({ is: 'none' });
  await users.signoutRedirect({ id_token_hint: kept?.id_token }).catch(() => location.assign('/sign-in'));
}

/**
 * A valid token, which is renewed if it expires soon. Empty if there is none; then the service answers 401.
 * @throws ApiProblem if the token has expired and the issuer cannot be reached
 */
export async function accessToken(): Promise<string> {
  if (user?.refresh_token && isEnding(user)) await (renewal ??= renew().finally(() => (renewal = undefined)));
  return user?.access_token ?? '';
}

/** A refresh token can be used only once. So one tab renews the token, and the others read the new one. */
async function renew(): Promise<void> {
  await navigator.locks.request('console.renewal', async () => {
    try {
      const kept = keptUser(issuing.issuer, issuing.clientId);
      if (kept && !isEnding(kept)) user = kept;
      else if (await (await manager()).signinSilent()) user = keptUser(issuing.issuer, issuing.clientId);
      if (user && !hasEnded(user)) setState({ is: 'open', session: sessionOf(user) });
    } catch (error) {
      if (user && !hasEnded(user)) return;
      if ((error as Error).name !== 'ErrorResponse')
        throw new ApiProblem({ status: 0, detail: (error as Error).message });
      sessionEnded();
    }
  });
}

/** Called when a service rejected the token. Edits stay, and the frame asks the user to sign in again. */
export function sessionEnded(): void {
  if (state.is === 'open') setState({ is: 'ended' });
}

function sessionOf({ access_token, profile }: KeptUser): Session {
  const [, payload = ''] = access_token.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes)) as Profile & {
    sub: string;
    team?: string;
    scope?: string;
  };
  const { sub, team = 'default', scope = '' } = claims;
  return { sub, name: nameIn(profile) ?? nameIn(claims) ?? sub, team, scopes: new Set(scope.split(' ')) };
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSessionState = (): SessionState => useSyncExternalStore(subscribe, () => state);
export const sessionState = (): SessionState => state;

let lastSession: Session = { sub: '', name: '', team: '', scopes: new Set() };

/** The current session. If it has ended, the last one stays until the user has signed in again. */
export function useSession(): Session {
  const current = useSessionState();
  if (current.is === 'open') lastSession = current.session;
  return lastSession;
}
