// Who is signed in. The session lies in localStorage: a sign-in in another tab continues the work in this one.
import { useSyncExternalStore } from 'react';
import type { Scope } from '@vouchers/contracts';
import { ApiProblem } from '../api/api-problem.ts';
import { isKeptUserKey, keptUser, RENEW_BEFORE_SECONDS, secondsLeft, type KeptUser } from './kept-user.ts';

export interface Session {
  readonly sub: string;
  readonly team: string;
  readonly scopes: ReadonlySet<string>;
}

/** `none`: nobody is signed in; `ended`: the token ran out in the middle of the work. */
export type SessionState = { readonly is: 'none' | 'ended' } | { readonly is: 'open'; readonly session: Session };

let issuing: { readonly issuer: string; readonly clientId: string };
let state: SessionState = { is: 'none' };
let user: KeptUser | undefined;
let renewal: Promise<void> | undefined;
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Takes up the session that this browser holds. */
export function openSession(issuer: string, clientId = 'console'): void {
  issuing = { issuer, clientId };
  takeUp();
  addEventListener('storage', ({ key }) => {
    if (isKeptUserKey(key)) takeUp();
  });
}

function takeUp(): void {
  user = keptUser(issuing.issuer, issuing.clientId);
  if (!user) return become({ is: state.is === 'none' ? 'none' : 'ended' });
  if (hasEnded(user) && !user.refresh_token) return become({ is: state.is === 'open' ? 'ended' : 'none' });
  become({ is: 'open', session: sessionIn(user.access_token) });
}

const hasEnded = (one: KeptUser): boolean => secondsLeft(one) <= 0;
const isEnding = (one: KeptUser): boolean => secondsLeft(one) < RENEW_BEFORE_SECONDS;

let loading: ReturnType<typeof loadManager> | undefined;

async function loadManager() {
  const { userManagerOf } = await import('./oidc-client.ts');
  return userManagerOf(issuing.issuer, issuing.clientId);
}

/** The library that speaks with the issuer, fetched when it is first needed. Rejects where it cannot be fetched. */
const manager = () =>
  (loading ??= loadManager().catch((error: Error) => {
    loading = undefined;
    throw new ApiProblem({ status: 0, detail: error.message });
  }));

/** Signs in at the issuer and returns to `path`. */
export async function signIn(path: string): Promise<void> {
  const users = await manager();
  await users.signinRedirect({ state: path });
}

/** Ends the way back from the issuer. Gives the path to go on with. */
export async function signedIn(): Promise<string> {
  const users = await manager();
  const answered = await users.signinCallback();
  takeUp();
  return typeof answered?.state === 'string' && /^\/(?!\/)/.test(answered.state) ? answered.state : '/vouchers';
}

export async function signOut(): Promise<void> {
  const users = await manager();
  await users.removeUser();
  user = undefined;
  become({ is: 'none' });
  await users.signoutRedirect().catch(() => location.assign('/sign-in'));
}

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
      const kept = keptUser(issuing.issuer, issuing.clientId);
      if (kept && !isEnding(kept)) user = kept;
      else if (await (await manager()).signinSilent()) user = keptUser(issuing.issuer, issuing.clientId);
      if (user && !hasEnded(user)) become({ is: 'open', session: sessionIn(user.access_token) });
    } catch (error) {
      if (user && !hasEnded(user)) return;
      if ((error as Error).name !== 'ErrorResponse')
        throw new ApiProblem({ status: 0, detail: (error as Error).message });
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
