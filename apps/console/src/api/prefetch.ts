// Sends the requests of the first screen while its code is still loading.
import { onlyKeptUser, RENEW_BEFORE_SECONDS, secondsLeft } from '../app/kept-user.ts';

/** An older answer is not used. */
const FRESH_MS = 10_000;

interface Prefetched {
  readonly at: number;
  readonly response: Promise<Response>;
}
const prefetched = new Map<string, Prefetched>();

/** The path of the services' addresses. */
export const ADDRESSES_URL = '/console.json';
/** Two screens of the list. The first request asks for no more, since the services do not compress answers. */
export const FIRST_VOUCHERS = 40;

/** The first requests to config by the screen at an address. */
const FIRST: readonly [address: RegExp, paths: (id: string) => readonly string[]][] = [
  [/^\/(?:vouchers)?$/, () => [`/v1/vouchers?limit=${FIRST_VOUCHERS}`]],
  [/^\/vouchers\/new$/, () => ['/v1/user-attributes']],
  [/^\/vouchers\/([^/?]+)\/edit$/, (id) => [`/v1/vouchers/${id}`, '/v1/user-attributes']],
  [/^\/vouchers\/([^/?]+)$/, (id) => [`/v1/vouchers/${id}`]],
  [/^\/pages\/([^/?]+)$/, (slug) => [`/v1/pages/${slug}`]],
];

/** Requests the addresses, and if somebody is signed in also what the screen that is opened asks of config first. */
export function prefetch(): void {
  ask(ADDRESSES_URL);
  const user = onlyKeptUser();
  if (!user || secondsLeft(user) <= RENEW_BEFORE_SECONDS) return;
  const headers = { authorization: `Bearer ${user.access_token}` };
  for (const [address, paths] of FIRST) {
    const found = address.exec(location.pathname + location.search);
    if (!found) continue;
    for (const path of paths(found[1] ?? '')) ask(path, headers);
    return;
  }
}

function ask(path: string, headers: Record<string, string> = {}): void {
  const response = fetch(path, { headers });
  response.catch(() => {}); // the caller of `fetchOnce` gets the error
  prefetched.set(new URL(path, location.href).href, { at: performance.now(), response });
}

/** Returns a prefetched answer, which can be used once. Without one, sends the request. */
export function fetchOnce(request: Request): Promise<Response> {
  const found = request.method === 'GET' ? prefetched.get(request.url) : undefined;
  prefetched.delete(request.url);
  return found && performance.now() - found.at < FRESH_MS ? found.response : fetch(request);
}
