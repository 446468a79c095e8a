// Typed clients of the three services. They throw an ApiProblem if a request fails.
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths as ConfigPaths } from './generated/config.ts';
import type { paths as LedgerPaths } from './generated/ledger.ts';
import type { paths as PageDeliveryPaths } from './generated/page-delivery.ts';
import { ApiProblem, problemIn } from './api-problem.ts';
import { ADDRESSES_URL, fetchOnce } from './prefetch.ts';
import { accessToken, sessionEnded } from '../app/session.ts';

/** `/console.json` of config: the addresses of the services and of the issuer. */
export interface Addresses {
  issuer: string;
  audience: string;
  clientId?: string;
  /** A config of release 0.1.0 does not say. */
  scope?: string;
  pageDelivery: string;
  ledger: string;
  /** A config of release 0.1.0 does not say. */
  tenancy?: 'open' | 'team';
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

/** Reads the addresses of the services. @throws Error if config cannot be reached */
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

/** The clients. `findServices` must have resolved before. */
export function services(): Api {
  if (!api) throw new Error('the addresses of the services are not known yet');
  return api;
}

/** The body of an answer. @throws ApiProblem */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** The body and the ETag of an answer; a change sends the ETag as If-Match. @throws ApiProblem */
export async function answerWithTag<T>(
  call: Promise<{ data?: T; response: Response }>,
): Promise<{ value: T; tag: string }> {
  const { data, response } = await call;
  return { value: data as T, tag: response.headers.get('etag') ?? '' };
}
