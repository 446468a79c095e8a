// The hosted page in a browser, for a customer who has signed in before.
import type { Counters, Page as VoucherPage, VoucherSpecInput } from '@vouchers/contracts';
import type { TestServices } from '@vouchers/testing';
import { eventually } from '@vouchers/testing';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { publishedVoucher, send, STAFF } from '../requests.ts';

/** A customer's tab on a page with vouchers. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Idempotency-Key and body of every claim that was sent. */
  readonly claims: { key: string | undefined; body: string | null }[];
  /** Violations of the page's policy, and errors of scripts. */
  readonly faults: string[];
  /** The widget's first button of the n-th voucher, from 0. */
  button(nth?: number): Locator;
}

/** Makes vouchers and a page with them. Returns its slug and their ids. */
export async function pageOf(
  services: TestServices,
  specs: Partial<VoucherSpecInput>[],
  title = 'Spring',
): Promise<{ slug: string; voucherIds: string[] }> {
  const token = await services.signToken({ scope: STAFF, sub: 'staff' });
  const voucherIds: string[] = [];
  for (const spec of specs) voucherIds.push((await publishedVoucher(services, token, spec)).id);
  const slug = `page-${crypto.randomUUID()}`;
  const body = { title, voucherIds };
  const made = await send<VoucherPage>('PUT', `${services.urls.config}/v1/pages/${slug}`, { token, body });
  if (made.status !== 201) throw new Error(`no page was made: ${made.status} ${JSON.stringify(made.body)}`);
  await eventually('the page is served', async () => {
    const { status } = await fetch(`${services.urls['page-delivery']}/p/${slug}`);
    return status === 200;
  });
  return { slug, voucherIds };
}

/**
 * Opens the page for a user whose session is stored already, in the format of `oidc-client-ts`.
 * @param slug that of a page, or the path of another one: `/me`
 */
export async function visit(
  browser: Browser,
  services: TestServices,
  slug: string,
  { sub, ...options }: BrowserContextOptions & { sub?: string } = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 390, height: 844 }, ...options });
  if (sub) await context.addInitScript(keepSession, await sessionOf(services, sub));
  const page = await context.newPage();
  const claims: Visit['claims'] = [];
  const faults: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST' || !request.url().endsWith('/claims')) return;
    claims.push({ key: request.headers()['idempotency-key'], body: request.postData() });
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(services.urls['page-delivery'] + (slug.startsWith('/') ? slug : `/p/${slug}`));
  const button = (nth = 0) => page.locator('voucher-claim li').nth(nth).locator('[part=button]').first();
  return { page, context, claims, faults, button };
}

/** Reads the number of claims from the ledger. */
export async function claimedCount(services: TestServices, voucherId: string): Promise<number> {
  const token = await services.signToken({ scope: STAFF });
  const url = `${services.urls.ledger}/v1/vouchers/${voucherId}/counters`;
  return (await send<Counters>('GET', url, { token })).body.claimed;
}

async function sessionOf({ issuer, signToken }: TestServices, sub: string): Promise<[name: string, value: string]> {
  const user = {
    access_token: await signToken({ sub, scope: 'pages:read claims:write' }),
    token_type: 'Bearer',
    profile: { sub },
    expires_at: Math.floor(Date.now() / 1000) + 3_600,
  };
  return [`oidc.user:${issuer.url}:page`, JSON.stringify(user)];
}

const keepSession = ([name, value]: [string, string]): void => sessionStorage.setItem(name, value);
