// Staff work while their session ends, or while services are slow, away or silent.
import { describe, expect, it } from '@jest/globals';
import type { Counters, Voucher } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { signInToConsole } from '@vouchers/tools';
import type { Page, Route } from 'playwright-core';
import { publishedVoucher, send, STAFF } from '../requests.ts';
import { useConsole, type Tab, type RunningConsole } from './console.ts';
import { tellWhatIf } from './what-if.stories.ts';
import { changeSession, dropSession, keptSession, muteStreams } from './disturbances.ts';

let running: RunningConsole;
useConsole((opened) => (running = opened));

const at = (path: string, own?: Tab): Promise<Tab> => running.at(path, own);
const voucherOf = async (id: string) =>
  (await send<Voucher>('GET', `${running.services.urls.config}/v1/vouchers/${id}`, { token: running.token })).body;
const isSaved = (id: string, name: string) =>
  eventually('it is saved', async () => (await voucherOf(id)).name === name);
const nameIn = (page: Page) => page.locator('#field-name');
const expired = () => running.services.signToken({ sub: 'publisher', scope: STAFF, lifetimeSeconds: -60 });
const past = () => Math.floor(Date.now() / 1_000) - 60;

/** Reviews the edit and saves it. */
async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review 1 change' }).click();
  await page.getByRole('button', { name: 'Save, live at once' }).click();
}

/** Collects the requests for new tokens by refresh token, of all tabs. */
function renewalsIn({ page }: Tab): string[] {
  const answers: string[] = [];
  page.context().on('response', (response) => {
    const request = response.request();
    if (request.method() === 'POST' && request.postData()?.includes('grant_type=refresh_token'))
      answers.push(String(response.status()));
  });
  return answers;
}

describe('a token that ends in the middle of an edit', () => {
  it('is renewed, once for all tabs, and the edit is saved', async () => {
    const vouchers = [
      await publishedVoucher(running.services, running.token),
      await publishedVoucher(running.services, running.token),
    ];
    const [first, second] = vouchers.map(({ id }) => id) as [string, string];
    const one = await at(`/vouchers/${first}/edit`);
    const other = await one.beside(`/vouchers/${second}/edit`);
    const renewals = renewalsIn(one);
    await nameIn(one.page).fill('By the first tab');
    await nameIn(other).fill('By the second tab');
    // The other tab is notified as browsers do it.
    await changeSession(one.page, { access_token: await expired(), expires_at: past() });
    await Promise.all([save(one.page), save(other)]);
    await isSaved(first, 'By the first tab');
    await isSaved(second, 'By the second tab');
    expect(renewals).toEqual(['200']);
    expect(await one.page.getByRole('alert').filter({ hasText: 'Your sign-in has ended' }).count()).toBe(0);
  });

  it('and cannot be renewed leads to a sign-in in another tab; the edit stays and is saved', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const tab = await at(`/vouchers/${id}/edit`);
    const { page } = tab;
    await nameIn(page).fill('Before the end');
    await changeSession(page, { access_token: await expired(), expires_at: past(), refresh_token: 'of nobody' });
    await save(page);
    const again = page.getByRole('dialog').getByRole('link', { name: 'Sign in again' });
    const [signIn] = await Promise.all([page.waitForEvent('popup'), again.click()]);
    const closed = signIn.waitForEvent('close');
    await signIn.locator('button[name=sub][value=publisher]').click();
    await closed;
    await page.locator('.session-ended').waitFor({ state: 'hidden' });
    expect(await nameIn(page).inputValue()).toBe('Before the end');
    await page.getByRole('dialog').getByRole('button', { name: 'Save, live at once' }).click();
    await isSaved(id, 'Before the end');
  });

  it('and is lost over a reload leads to the sign-in, and from there back to the edit', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const { page } = await at(`/vouchers/${id}/edit`);
    await nameIn(page).fill('Kept over the sign-in');
    await dropSession(page);
    await page.reload();
    await page.waitForURL('**/sign-in?**');
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await page.locator('button[name=sub][value=publisher]').click();
    await page.waitForURL(`**/vouchers/${id}/edit`);
    await page.getByText('Your edits from before are here again.').waitFor();
    expect(await nameIn(page).inputValue()).toBe('Kept over the sign-in');
    await save(page);
    await isSaved(id, 'Kept over the sign-in');
  });

  it('is noticed when the page opens; after the sign-in the page loads', async () => {
    const { id } = await publishedVoucher(running.services, running.token, { name: 'Shown after all' });
    const tab = await at('/vouchers');
    const { page } = tab;
    await changeSession(page, { access_token: await expired(), expires_at: past(), refresh_token: 'of nobody' });
    await page.goto(`${running.services.urls.config}/vouchers/${id}/edit`);
    const [signIn] = await Promise.all([
      page.waitForEvent('popup'),
      page.locator('.session-ended').getByRole('link', { name: 'Sign in again' }).click(),
    ]);
    await signIn.locator('button[name=sub][value=publisher]').click();
    await page.getByRole('heading', { level: 1, name: 'Edit Shown after all' }).waitFor();
  });
});

describe('a sign-out', () => {
  it('ends the refresh token at the issuer, and not only in the browser', async () => {
    const { page } = await running.tab({ storageState: { cookies: [], origins: [] } });
    await signInToConsole(page, running.services.urls.config);
    const { refresh_token } = await keptSession(page);
    const renew = async (): Promise<number> => {
      const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'console', refresh_token });
      return (await fetch(`${running.services.issuer.url}/token`, { method: 'POST', body })).status;
    };
    expect(running.asked.get('scope')).not.toContain('offline_access');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${running.services.issuer.url}/**`);
    expect(await renew()).toBe(400);
  });
});

describe('a sign-in', () => {
  it("that the issuer refuses is shown in the issuer's words", async () => {
    const { page } = await running.tab({ storageState: { cookies: [], origins: [] } });
    const { config } = running.services.urls;
    await page.goto(`${config}/sign-in`);
    await page.getByText('You choose who you are').waitFor();
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/auth');
    await page.locator('main button.primary').click();
    const state = new URL((await asked).url()).searchParams.get('state') ?? '';
    await page.waitForURL(`${running.services.issuer.url}/**`);
    const refusal = { state, error: 'access_denied', error_description: 'You are not of the group staff' };
    await page.goto(`${config}/callback?${new URLSearchParams(refusal)}`);
    const problem = page.getByRole('alert');
    await problem.getByText('The sign-in did not succeed').waitFor();
    expect(await problem.innerText()).toContain('access_denied: You are not of the group staff');
  });
});

describe('a service', () => {
  /** Replaces the answer to the request that saves a voucher. */
  const onSaving = ({ page }: Tab, answer: (route: Route) => Promise<void>) =>
    page.route('**/v1/vouchers/*', (route) => (route.request().method() === 'PUT' ? answer(route) : route.fallback()));

  it.each([
    [503, 'The service is away for the moment'],
    [429, 'Too many requests'],
  ])('that answers %i is called again after Retry-After, and no input is lost', async (status, title) => {
    const { id } = await publishedVoucher(running.services, running.token);
    const tab = await at(`/vouchers/${id}/edit`);
    const { page } = tab;
    await nameIn(page).fill('Patient');
    let refusals = 0;
    await onSaving(tab, (route) => {
      if (++refusals > 1) return route.fallback();
      const headers = { 'retry-after': '3', 'content-type': 'application/problem+json' };
      return route.fulfill({ status, headers, body: JSON.stringify({ status, title: 'Busy' }) });
    });
    await save(page);
    const problem = page.getByRole('dialog').getByRole('alert').filter({ hasText: title });
    const retry = problem.getByRole('button', { name: /^Try again/ });
    await retry.waitFor();
    expect(await retry.isDisabled()).toBe(true);
    const seconds: number[] = [];
    await eventually('it counts down to the end', async () => {
      const [left] = /\d+/.exec(await retry.innerText()) ?? [];
      if (left !== undefined && seconds.at(-1) !== Number(left)) seconds.push(Number(left));
      return left === undefined;
    });
    expect(seconds.length).toBeGreaterThan(1);
    expect(seconds).toEqual([3, 2, 1].filter((second) => seconds.includes(second)));
    expect(await nameIn(page).inputValue()).toBe('Patient');
    await retry.click();
    await isSaved(id, 'Patient');
    expect(refusals).toBe(2);
  });

  it('that cannot be reached is reported; once online, the same edit is saved', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const { page } = await at(`/vouchers/${id}/edit`);
    await nameIn(page).fill('Offline for a while');
    await page.context().setOffline(true);
    await save(page);
    const problem = page.getByRole('dialog').getByRole('alert').filter({ hasText: 'cannot be reached' });
    await problem.waitFor();
    await page.context().setOffline(false);
    await problem.getByRole('button', { name: 'Try again' }).click();
    await isSaved(id, 'Offline for a while');
  });

  it('that is slow shows a skeleton at first, and the old rows during a search', async () => {
    const tab = await running.tab();
    const { page } = tab;
    let release = (): void => undefined;
    const hold = async (route: Route): Promise<void> => {
      await new Promise<void>((resolve) => (release = resolve));
      await route.fallback();
    };
    await page.route(/\/v1\/vouchers\?/, hold);
    await at('/vouchers', tab);
    await page.locator('main .placeholder').first().waitFor();
    const rows = page.locator('.voucher-body [role=row]');
    await eventually('the rows are there', async () => (release(), (await rows.count()) > 3));
    await page.getByRole('searchbox', { name: 'Search by name, label or id' }).fill('满100减20');
    await page.locator('.voucher-body.faded').waitFor();
    expect(await rows.count()).toBeGreaterThan(3);
    await eventually('only the one is left', async () => (release(), (await rows.count()) === 1));
  });

  it('that counts is away: the list says so and works, the overview recovers by itself', async () => {
    const list = await at('/vouchers');
    const overview = await at(`/vouchers/${running.scene.voucherId}`);
    await overview.page.locator('.live-mark.live').waitFor();
    await running.services.kill('ledger');
    try {
      await list.page.getByText('Counts are not available now').waitFor();
      expect(await list.page.getByRole('link', { name: '满100减20', exact: true }).isVisible()).toBe(true);
      await overview.page.locator('.live-mark.stale').waitFor();
      expect(await overview.page.locator('.live-mark').innerText()).toMatch(/^as of \d\d:\d\d:\d\d$/);
    } finally {
      await running.services.restart('ledger');
    }
    await overview.page.locator('.live-mark.live').waitFor({ timeout: 30_000 });
    await list.page.getByText('Counts are not available now').waitFor({ state: 'hidden' });
  });

  it('whose stream falls silent is shown in grey and polled until the stream resumes', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const tab = await running.tab();
    const { page } = tab;
    const streams = await muteStreams(page);
    await page.clock.install();
    await at(`/vouchers/${id}`, tab);
    const mark = page.locator('.live-mark');
    const claimed = page.locator('.bars-row').filter({ hasText: 'claim' }).locator('.number').first();
    await page.locator('.live-mark.live').waitFor();
    expect(await claimed.innerText()).toBe('0');
    await streams.mute();
    await claimBy('u-1', id);
    await page.clock.runFor(11_000);
    await page.locator('.live-mark.stale').waitFor();
    expect(await mark.innerText()).toMatch(/^as of /);
    expect(await claimed.innerText()).toBe('0');
    await page.clock.runFor(6_000);
    await eventually('it has asked', async () => (await claimed.innerText()) === '1');
    expect(await mark.getAttribute('class')).toContain('stale');
    await streams.unmute();
    await eventually('it speaks again', async () => {
      await page.clock.runFor(1_000);
      return (await mark.innerText()) === 'Live';
    });
  });
});

async function claimBy(user: string, voucherId: string): Promise<void> {
  const token = await running.services.signToken({ scope: 'claims:write', sub: user });
  const { urls } = running.services;
  const claim = await send('POST', `${urls['page-delivery']}/v1/vouchers/${voucherId}/claims`, {
    token,
    key: crypto.randomUUID(),
  });
  expect(claim.status).toBe(201);
  await eventually('it is counted', async () => {
    const counted = await send<Counters>('GET', `${urls.ledger}/v1/vouchers/${voucherId}/counters`, {
      token: running.token,
    });
    return counted.body.claimed === 1;
  });
}

describe('the API documentation', () => {
  it('signs in at the issuer by code and PKCE, and then tries a call', async () => {
    const { page } = await running.tab();
    await page.goto(`${running.services.urls.config}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const code = page.locator('.auth-container', { hasText: 'authorizationCode' });
    await code.locator('label[for^="vouchers:read-authorizationCode"]').click();
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      code.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click(),
    ]);
    await popup.locator('button[name=sub][value=publisher]').click();
    await code.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await page.locator('.modal-ux button.btn-done').first().click();
    await page.locator('#operations-Vouchers-listVouchers').getByRole('button').first().click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table tr.response .response-col_status', { hasText: '200' }).waitFor();
  });
});

tellWhatIf(() => running);
