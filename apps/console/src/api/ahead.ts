// What the first screen asks the services for, asked before its code is there.
import { onlyKeptUser, RENEW_BEFORE_SECONDS, secondsLeft } from '../app/kept-user.ts';

/** An answer older than this is asked for again. */
const FRESH_MS = 10_000;

interface Asked {
  readonly at: number;
  readonly response: Promise<Response>;
}
const asked = new Map<string, Asked>();

/** Where the services are. */
export const ADDRESSES_URL = '/console.json';
/** How much of the list is asked for at first: two screens of it. The services' answers are not compressed. */
export const FIRST_VOUCHERS = 40;

/** Asks for the addresses; for the list, too, where that is what is opened by somebody who is signed in. */
export function askAhead(): void {
  ask(ADDRESSES_URL);
  const user = onlyKeptUser();
  const opensList = /^\/(vouchers)?$/.test(location.pathname) && location.search === '';
  if (opensList && user && secondsLeft(user) > RENEW_BEFORE_SECONDS)
    ask(`/v1/vouchers?limit=${FIRST_VOUCHERS}`, { authorization: `Bearer ${user.access_token}` });
}

function ask(path: string, headers: Record<string, string> = {}): void {
  const response = fetch(path, { headers });
  response.catch(() => {}); // whoever takes it is told
  asked.set(new URL(path, location.href).href, { at: performance.now(), response });
}

/** What was asked ahead, once; else asks now. */
export function fetchOnce(request: Request): Promise<Response> {
  const found = request.method === 'GET' ? asked.get(request.url) : undefined;
  asked.delete(request.url);
  return found && performance.now() - found.at < FRESH_MS ? found.response : fetch(request);
}
