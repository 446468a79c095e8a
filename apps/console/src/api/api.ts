// The three services as typed clients. Every answer that is no success is thrown as an ApiProblem.
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths as ConfigPaths } from './generated/config.ts';
import type { paths as LedgerPaths } from './generated/ledger.ts';
import type { paths as PageDeliveryPaths } from './generated/page-delivery.ts';
import { ApiProblem, problemIn } from './api-problem.ts';
import { ADDRESSES_URL, fetchOnce } from './ahead.ts';
import { accessToken, sessionEnded } from '../app/session.ts';

/** `/console.json` of config: where the services are and who signs in. */
export interface Addresses {
  issuer: string;
  audience: string;
  clientId?: string;
  pageDelivery: string;
  ledger: string;
}

interface Api {
  addresses: Addresses;
  config: Client<ConfigPaths>;
  pageDelivery: Client<PageDeliveryPaths>;
  ledger: Client<LedgerPaths>;
}

let api: Api | undefined;

const withToken: Middleware = {
  async onRequest({ request }) {
    request.headers.set('authorization', `Bearer ${await accessToken()}`);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return;
    if (response.status === 401) sessionEnded();
    throw await problemIn(response);
  },
  onError({ error }) {
    return error instanceof ApiProblem ? error : new ApiProblem({ status: 0, detail: (error as Error).message });
  },
};

function clientOf<Paths extends object>(baseUrl: string): Client<Paths> {
  const client = createClient<Paths>({ baseUrl, fetch: fetchOnce });
  client.use(withToken);
  return client;
}

/** Reads where the services are. Throws where config cannot be reached. */
export async function findServices(): Promise<Addresses> {
  const response = await fetchOnce(new Request(ADDRESSES_URL));
  if (!response.ok) throw await problemIn(response);
  const addresses = (await response.json()) as Addresses;
  api = {
    addresses,
    config: clientOf<ConfigPaths>(''),
    pageDelivery: clientOf<PageDeliveryPaths>(addresses.pageDelivery),
    ledger: clientOf<LedgerPaths>(addresses.ledger),
  };
  return addresses;
}

/** The services. Only after `findServices`. */
export function services(): Api {
  if (!api) throw new Error('the addresses of the services are not known yet');
  return api;
}

/** What a call answers; its ETag with `answerWithTag`. Rejects with an ApiProblem. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** The answer and its ETag, to be sent back as If-Match. */
export async function answerWithTag<T>(
  call: Promise<{ data?: T; response: Response }>,
): Promise<{ value: T; tag: string }> {
  const { data, response } = await call;
  return { value: data as T, tag: response.headers.get('etag') ?? '' };
}
