// Pictures of a waiting list: a sold-out voucher, three users who wait, and what comes back.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Platform } from '../services/platform.ts';
import { signInToConsole, WAITING_VIEWS } from './console-routes.ts';

type Language = 'zh-CN' | 'en';

/** Long enough for a claim, short enough to wait for its lapse. */
const OFFER_S = 25;
const DAY_MS = 86_400_000;
const STAFF = 'vouchers:write vouchers:publish pages:write ledger:read claims:act claims:revoke pages:read';

const at = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().replace(/T.*/, 'T16:00:00Z');

const fewTables = (language: Language): VoucherSpecInput => ({
  name: language === 'en' ? 'Afternoon tea for two' : '双人下午茶',
  description: language === 'en' ? 'Two tables a week' : '每周两桌',
  resourceType: 'access',
  benefit: { type: 'access', name: language === 'en' ? 'A table' : '一桌' },
  quantities: { claim: 2 },
  windows: {
    timeZone: 'Asia/Shanghai',
    valid: { from: at(-5), to: at(40) },
    use: { afterClaim: { delay: 'PT0S', length: 'P7D' } },
  },
  waitingList: { limit: 500, rank: "user.tier == 'vip' ? 2 : user.tier == 'gold' ? 1 : 0", offerFor: `PT${OFFER_S}S` },
  notices: ['P3D', 'PT2H'],
  extension: { length: 'P7D', times: 1 },
});

/** Three who wait, in the order of their joining. */
const WAITING = [
  { sub: 'ann', tier: 'silver' },
  { sub: 'bo', tier: 'vip' },
  { sub: 'cy', tier: 'gold' },
] as const;
type Customer = (typeof WAITING)[number];

export class PoolStory {
  readonly #platform: Platform;
  readonly #browser: Browser;
  readonly #language: Language;
  readonly #into: string;
  readonly #customers = new Map<string, Page>();
  #console!: Page;
  #token!: string;
  #voucherId!: string;
  #slug!: string;
  #taken = 0;

  constructor(platform: Platform, browser: Browser, language: Language, into: string) {
    this.#platform = platform;
    this.#browser = browser;
    this.#language = language;
    this.#into = into;
  }

  /** @returns the number of pictures */
  async take(): Promise<number> {
    mkdirSync(this.#into, { recursive: true });
    this.#token = await this.#platform.signToken({ sub: 'staff', scope: STAFF });
    await this.#sellOut();
    const holders = await Promise.all(['first', 'second'].map((sub) => this.#claim(sub)));
    for (const customer of WAITING) await this.#open(customer);
    await this.#openConsole();
    await this.#picture('ann', 'sold-out');
    for (const { sub } of WAITING) await this.#press(sub, /排队等候|Join the waiting list/);
    await this.#everybodyReads();
    for (const { sub } of WAITING) await this.#picture(sub, `waits-${sub}`);
    await this.#consolePictures('waiting');
    await this.#staff('pause');
    await this.#everybodyReads();
    await this.#picture('ann', 'paused');
    await this.#consolePictures('paused', 1);
    await this.#staff('resume');
    await this.#openList();
    await this.#giveBack(holders[0]!);
    await this.#consoleFollows('bo');
    await this.#until('bo', /立即领取|^\s*Claim\s*$/);
    await this.#picture('bo', 'is-offered-a-unit');
    await this.#everybodyReads();
    await this.#picture('ann', 'still-waits');
    await this.#consolePictures('offer');
    await this.#press('bo', /立即领取|^\s*Claim\s*$/);
    await this.#until('bo', /已领取|Claimed/);
    await this.#picture('bo', 'claimed');
    await this.#giveBack(holders[1]!);
    await this.#until('cy', /立即领取|^\s*Claim\s*$/);
    await this.#picture('cy', 'is-offered-a-unit');
    await pause(OFFER_S * 1_000);
    await this.#until('ann', /立即领取|^\s*Claim\s*$/);
    await this.#everybodyReads();
    await this.#picture('cy', 'offer-lapsed');
    await this.#picture('ann', 'is-next');
    await this.#press('ann', /不要了|No, thanks/);
    await this.#picture('ann', 'declined');
    // Nobody waits now, so a claim may be extended.
    await this.#until('bo', /延期|Extend/);
    await this.#picture('bo', 'may-extend');
    await this.#press('bo', /延期|Extend/);
    await this.#picture('bo', 'extended');
    await this.#consolePictures('end');
    await this.#editorPicture();
    for (const page of [this.#console, ...this.#customers.values()]) await page.context().close();
    return this.#taken;
  }

  async #sellOut(): Promise<void> {
    const { config } = this.#platform.services.urls;
    const spec = fewTables(this.#language);
    const made = await this.#call<{ items: Voucher[] }>('POST', `${config}/v1/vouchers/batch`, {
      items: [spec],
      publish: true,
    });
    this.#voucherId = made.items[0]!.id;
    this.#slug = `tea-${this.#language.toLowerCase()}-${this.#voucherId.slice(-6)}`;
    await this.#call('PUT', `${config}/v1/pages/${this.#slug}`, { title: spec.name, voucherIds: [this.#voucherId] });
  }

  async #claim(user: string): Promise<{ user: string; claim: Claim }> {
    const url = `${this.#platform.services.urls['page-delivery']}/v1/vouchers/${this.#voucherId}/claims`;
    return { user, claim: await this.#call<Claim>('POST', url, {}, { 'X-User-Id': user, 'Idempotency-Key': user }) };
  }

  async #giveBack({ user, claim }: { user: string; claim: Claim }): Promise<void> {
    const url = `${this.#platform.services.urls['page-delivery']}/v1/claims/${claim.id}`;
    await this.#call('DELETE', url, undefined, { 'X-User-Id': user });
  }

  async #staff(action: 'pause' | 'resume'): Promise<void> {
    await this.#call('POST', `${this.#platform.services.urls.config}/v1/vouchers/${this.#voucherId}/${action}`);
    await pause(1_500); // page-delivery reads it
  }

  /** Repeats the request while page-delivery does not know the voucher yet. */
  async #call<Body>(method: string, url: string, body?: unknown, more: Record<string, string> = {}): Promise<Body> {
    const headers = { Authorization: `Bearer ${this.#token}`, ...more, ...(body ? JSON_BODY : {}) };
    for (let tries = 0; ; tries++) {
      const response = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
      const text = await response.text();
      if (response.status < 300 && response.status !== 202) return (text ? JSON.parse(text) : undefined) as Body;
      if (tries > 50) throw new Error(`${method} ${url}: ${response.status} ${text}`);
      await pause(200);
    }
  }

  #context(width: number, height: number): Promise<BrowserContext> {
    return this.#browser.newContext({
      locale: this.#language,
      timezoneId: 'Asia/Shanghai',
      viewport: { width, height },
      reducedMotion: 'reduce',
    });
  }

  async #open({ sub, tier }: Customer): Promise<void> {
    const { urls } = this.#platform.services;
    const scope = 'pages:read claims:write';
    const user = {
      access_token: await this.#platform.signToken({ sub, scope, attrs: { tier } }),
      token_type: 'Bearer',
      profile: { sub },
      expires_at: Math.floor(Date.now() / 1_000) + 3_600,
    };
    const context = await this.#context(390, 420);
    const page = await context.newPage();
    await page.goto(`${urls['page-delivery']}/p/${this.#slug}`);
    const issuer = await page.locator('html').getAttribute('data-issuer');
    await page.evaluate(
      ([name, value]) => sessionStorage.setItem(name!, value!),
      [`oidc.user:${issuer}:page`, JSON.stringify(user)],
    );
    await page.reload();
    this.#customers.set(sub, page);
    await this.#until(sub, /排队等候|Join the waiting list/);
  }

  async #openConsole(): Promise<void> {
    const { config } = this.#platform.services.urls;
    this.#console = await (await this.#context(1440, 900)).newPage();
    await signInToConsole(this.#console, config);
  }

  #button(sub: string, name: RegExp) {
    return this.#customers.get(sub)!.locator('voucher-claim [part=button]').filter({ hasText: name });
  }

  async #press(sub: string, name: RegExp): Promise<void> {
    await this.#button(sub, name).first().click();
    await pause(700);
  }

  /** Reads the page until that button is there. */
  async #until(sub: string, name: RegExp): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      if (await this.#button(sub, name).first().isVisible()) return;
      await pause(300);
      await this.#refresh(sub);
    }
    throw new Error(`${sub} never saw ${String(name)}`);
  }

  async #refresh(sub: string): Promise<void> {
    const widget = this.#customers.get(sub)!.locator('voucher-claim');
    await widget.evaluate((element) => (element as unknown as { refresh(): Promise<void> }).refresh());
  }

  async #everybodyReads(): Promise<void> {
    for (const { sub } of WAITING) await this.#refresh(sub);
    await pause(600);
  }

  async #picture(who: string, what: string, page = this.#customers.get(who)!): Promise<void> {
    const number = String(++this.#taken).padStart(2, '0');
    await page.screenshot({ path: join(this.#into, `${number}-${who}-${what}-${this.#language}.png`) });
  }

  async #openList(): Promise<void> {
    const { config } = this.#platform.services.urls;
    await this.#console.goto(`${config}/vouchers/${this.#voucherId}${WAITING_VIEWS[0]}`);
    await this.#console.locator('main h2').first().waitFor();
  }

  /** The open console shows this user's offer by itself. */
  async #consoleFollows(sub: string): Promise<void> {
    const offers = this.#console.locator('section', { has: this.#console.getByText(/^(Open offers|保留中)$/) });
    await offers.getByText(sub, { exact: true }).waitFor({ timeout: 15_000 });
    await this.#picture('console', 'follows', this.#console);
  }

  /** The waiting list, and the overview beside it. */
  async #consolePictures(what: string, most = 2): Promise<void> {
    const { config } = this.#platform.services.urls;
    for (const view of WAITING_VIEWS.slice(0, most)) {
      await this.#console.goto(`${config}/vouchers/${this.#voucherId}${view}`);
      await this.#console.locator('main h2').first().waitFor();
      await pause(1_500);
      await this.#picture('console', `${what}${view.replace('/', '-')}`, this.#console);
    }
  }

  async #editorPicture(): Promise<void> {
    const { config } = this.#platform.services.urls;
    await this.#console.goto(`${config}/vouchers/${this.#voucherId}/edit`);
    await this.#console.locator('#advanced > summary').click();
    await this.#console.locator('#pool').waitFor();
    await pause(2_500);
    await this.#console.locator('#pool').evaluate((element) => element.scrollIntoView());
    await pause(500);
    await this.#picture('console', 'editor', this.#console);
    await this.#console
      .locator('.trial')
      .first()
      .evaluate((element) => element.scrollIntoView());
    await pause(500);
    await this.#picture('console', 'trial', this.#console);
  }
}

const JSON_BODY = { 'Content-Type': 'application/json' };
