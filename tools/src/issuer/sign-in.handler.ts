// The issuer's own pages over HTTP. Each sign-in asks for an identity, so that two clients may have different ones.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type Provider from 'oidc-provider';
import { chosen, Unknowable, type Identity } from './identities.ts';
import { faultPage, signInPage, STYLE_PATH } from './sign-in.page.ts';
import { languageOf, type Language } from './sign-in.words.ts';

const STYLE = readFileSync(new URL('./sign-in.css', import.meta.url));
const PREFIX = '/sign-in/';
/** Enough for a user id and attributes. */
const MOST_BYTES = 16_384;

/** The path of an interaction's first page. */
export const signInPath = (uid: string): string => PREFIX + uid;

/** Whether the request is for one of these pages, not for one of the provider's. */
export const isSignIn = ({ url = '' }: IncomingMessage): boolean => url.startsWith(PREFIX) || url === STYLE_PATH;

/** Allows only the style sheet. Forms may lead to the client that asked. */
export const policyFor = (origins: readonly string[]): string =>
  [
    `default-src 'none'`,
    `style-src 'self'`,
    `img-src data:`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `form-action ${["'self'", ...origins].join(' ')}`,
  ].join('; ');

/** Things that a sign-in needs. */
export interface SignInContext {
  readonly provider: Provider;
  /** Everyone who has signed in, with their latest attributes. */
  readonly known: Map<string, Identity>;
  /** The client whose sign-in page shows users before roles. */
  readonly clientOfUsers: string;
  /** The content security policy of every page. */
  readonly policy: string;
}

export async function handleSignIn(
  context: SignInContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === STYLE_PATH) return void response.setHeader('content-type', 'text/css').end(STYLE);
  const { pathname: path, searchParams } = new URL(request.url!, 'http://localhost');
  const interaction = await context.provider.interactionDetails(request, response).catch(() => undefined);
  const language = languageOf(
    searchParams.get('lang'),
    interaction?.params.ui_locales,
    request.headers['accept-language'],
  );
  if (!interaction) return show(context, response, 400, faultPage(language));
  const first = interaction.params.client_id === context.clientOfUsers ? 'user' : 'role';
  if (request.method !== 'POST') return show(context, response, 200, signInPage({ language, path, first }));
  const form = new URLSearchParams((await text(request)).slice(0, MOST_BYTES));
  const [sub, attrs] = [form.get('sub') ?? '', form.get('attrs')];
  try {
    context.known.set(sub, chosen(sub, attrs));
  } catch (error) {
    if (!(error instanceof Unknowable)) throw error;
    const typed = { sub, attrs: attrs ?? '' };
    return show(context, response, 400, signInPage({ language, path, first, fault: error.fault, typed }));
  }
  await context.provider.interactionFinished(request, response, { login: { accountId: sub } });
}

function show({ policy }: SignInContext, response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(page);
}

/** The preferred language of a request to the provider. */
export const languageAsked = (request: IncomingMessage): Language => languageOf(request.headers['accept-language']);
