// A stranger's administrator follows docs/identity.md: console and page sign in at Keycloak, and out for good.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim, Voucher } from '@vouchers/contracts';
import { brokers, databaseUrl, eventually, uniqueNamespace } from '@vouchers/testing';
import { freePorts, startBrowser, startServices, type Services } from '@vouchers/tools';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { send } from '../requests.ts';
import { keptSession } from './disturbances.ts';
import { hasKeycloak, startKeycloak, type Keycloak } from './keycloak.ts';

const SPEC = {
  name: 'For gold members',
  resourceType: 'coupon',
  windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
  nodes: { claim: { when: 'user.tier == "gold"' } },
};
const scopesIn = (token: string): string[] => {
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { scope: string };
  return claims.scope.split(' ');
};

/** Without KEYCLOAK_HOME (`org.keycloak:keycloak-quarkus-dist`, with Java 17) these tests are skipped. */
(hasKeycloak ? describe : describe.skip)('docs/identity.md with Keycloak (needs KEYCLOAK_HOME)', () => {
  let keycloak: Keycloak;
  let services: Services;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    const [port, config, pageDelivery, ledger] = (await freePorts(4)) as [number, number, number, number];
    keycloak = await startKeycloak(port, {
      CONSOLE_ORIGIN: `http://localhost:${config}`,
      PAGE_ORIGIN: `http://localhost:${pageDelivery}`,
      LEDGER_ORIGIN: `http://localhost:${ledger}`,
    });
    services = await startServices({
      databaseUrl: databaseUrl(),
      brokers: brokers().join(','),
      issuerUrl: keycloak.issuer,
      client: { id: 'page-delivery', secret: keycloak.secret },
      namespace: uniqueNamespace(),
      ports: { config, 'page-delivery': pageDelivery, ledger },
      environment: { TENANCY: 'team' },
    });
    browser = await startBrowser();
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await services?.stop();
    await keycloak?.stop();
  });
  afterEach(() => context?.close());

  /** Opens an address in a profile of its own. */
  async function open(address: string): Promise<void> {
    context = await browser.newContext({ locale: 'en' });
    context.setDefaultTimeout(20_000);
    page = await context.newPage();
    await page.goto(address);
  }
  async function signInAtKeycloak(name: string): Promise<void> {
    await page.locator('#username').fill(name);
    await page.locator('#password').fill(name);
    await page.locator('#kc-login').click();
  }
  async function openConsoleAs(name: string): Promise<void> {
    await open(`${services.urls.config}/sign-in`);
    await page.getByText('You sign in at your organisation').waitFor();
    await page.locator('main button.primary').click();
    await signInAtKeycloak(name);
    await page.waitForURL(`${services.urls.config}/vouchers`);
  }
  async function renewed(refreshToken: string, client: string): Promise<number> {
    const body = { grant_type: 'refresh_token', client_id: client, refresh_token: refreshToken };
    const at = `${keycloak.issuer}/protocol/openid-connect/token`;
    return (await fetch(at, { method: 'POST', body: new URLSearchParams(body) })).status;
  }

  it('staff sign in at the console, are called by their name, and sign out for good', async () => {
    await openConsoleAs('paula');
    await page.getByRole('button', { name: 'Account: Paula Lee' }).waitFor();
    const { access_token, refresh_token } = await keptSession(page);
    const { config } = services.urls;
    const made = await send<Voucher>('POST', `${config}/v1/vouchers`, { token: access_token, body: SPEC });
    expect([made.status, made.body.team]).toEqual([201, 'default']);
    const { status } = await send('POST', `${config}/v1/vouchers/${made.body.id}/publish`, { token: access_token });
    expect(status).toBe(200);
    const placed = { title: 'Gold', voucherIds: [made.body.id] };
    expect((await send('PUT', `${config}/v1/pages/gold`, { token: access_token, body: placed })).status).toBe(201);
    expect(await renewed(refresh_token, 'console')).toBe(200);
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${config}/**`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await renewed(refresh_token, 'console')).toBe(400);
    await page.locator('main button.primary').click();
    await page.locator('#username').waitFor();
  }, 120_000);

  it('a customer signs in at the page and claims by an attribute, and has no staff scope, whatever is asked', async () => {
    const { 'page-delivery': pageDelivery } = services.urls;
    await eventually('the page is served', async () => (await fetch(`${pageDelivery}/p/gold`)).ok);
    await open(`${pageDelivery}/p/gold`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signInAtKeycloak('carl');
    const answered = page.waitForResponse((answer) => answer.url().endsWith('/claims'));
    await page.waitForURL(`${pageDelivery}/p/gold`);
    await page.getByText('Carl May').waitFor();
    await page.locator('voucher-claim li [part=button]').first().click();
    const answer = await answered;
    expect([answer.status(), ((await answer.json()) as Claim).state]).toEqual([201, 'held']);
    await context.close();
    await openConsoleAs('carl');
    const { access_token } = await keptSession(page);
    expect(scopesIn(access_token).filter((scope) => /^(vouchers|ledger|audit|clock|redemptions):/.test(scope))).toEqual(
      [],
    );
  }, 120_000);

  it('the services have tokens of their own that the ledger takes', async () => {
    for (const url of [services.urls.config, services.urls['page-delivery']]) {
      const { body } = await send<{ checks: Record<string, string> }>('GET', `${url}/health/ready`);
      expect(body.checks['token']).toBe('ok');
    }
  });
});
