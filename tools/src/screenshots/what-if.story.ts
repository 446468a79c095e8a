// Pictures of "What if": a voucher with a history, a draft, its answer, both traces of a winner and of a loser, and the review.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Claim, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import type { Browser, Page } from 'playwright-core';
import { ask, eachOf } from '../demo/service-calls.ts';
import type { Platform } from '../services/platform.ts';
import { signInToConsole } from './console-routes.ts';
import { LOOKS, openIn, type Look } from './studio.ts';

const DAY_MS = 86_400_000;
const at = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().replace(/T.*/, 'T16:00:00Z');
const USERS = 2_000;
const AT_ONCE = 8;

const SPEC: VoucherSpecInput = {
  name: '满100减20',
  resourceType: 'coupon',
  benefit: { type: 'amount-off', amount: 2_000, currency: 'CNY' },
  quantities: { push: 3_000, claim: 1_600 },
  windows: { timeZone: 'Asia/Shanghai', valid: { from: at(-20), to: at(40) } },
  nodes: { claim: { when: 'user.tier in ["gold", "vip"]' }, use: { when: 'order.amount >= 10000' } },
};
/** The draft: silver members as well, fewer units, and larger orders. */
const RULES = { claim: 'user.tier in ["gold", "vip", "silver"]', use: 'order.amount >= 12000' };

export class WhatIfStory {
  private readonly platform: Platform;
  private readonly browser: Browser;
  private readonly into: string;

  constructor(platform: Platform, browser: Browser, into: string) {
    this.platform = platform;
    this.browser = browser;
    this.into = into;
  }

  /** @returns the number of pictures */
  async take(): Promise<number> {
    mkdirSync(this.into, { recursive: true });
    const voucherId = await this.live();
    let taken = 0;
    for (const look of LOOKS) taken += await this.inLook(look, voucherId);
    return taken;
  }

  /** Lets customers come, claim and use. @returns the voucher's id */
  private async live(): Promise<string> {
    const { urls } = this.platform.services;
    const scope = 'vouchers:write vouchers:publish claims:act pages:read pages:write redemptions:write';
    const headers = { Authorization: `Bearer ${await this.platform.signToken({ sub: 'staff', scope })}` };
    const { signal } = new AbortController();
    const batch = { items: [SPEC], publish: true };
    const made = await ask<{ items: Voucher[] }>(
      { method: 'POST', url: `${urls.config}/v1/vouchers/batch`, headers, body: batch },
      [201],
      signal,
    );
    const { id } = made.body.items[0]!;
    const page = { title: 'What if', voucherIds: [id] };
    await ask({ method: 'PUT', url: `${urls.config}/v1/pages/what-if`, headers, body: page }, [201], signal);
    const users = Array.from({ length: USERS }, (_, index) => index);
    await eachOf(users, AT_ONCE, String, async (index) => {
      const tier = ['gold', 'silver', 'gold', 'vip'][index % 4]!;
      const as = { ...headers, 'X-User-Id': `u-${index}`, 'X-User-Attrs': JSON.stringify({ tier }) };
      const edge = urls['page-delivery'];
      await ask({ method: 'GET', url: `${edge}/v1/pages/what-if`, headers: as }, [200], signal, [404]);
      const call = { method: 'POST', headers: { ...as, 'Idempotency-Key': `claim-${index}` } } as const;
      const body = { pageSlug: 'what-if' };
      const claimed = await ask<Claim>({ ...call, url: `${edge}/v1/vouchers/${id}/claims`, body }, [201, 409], signal);
      if (claimed.status !== 201 || index % 3 === 0) return;
      const order = { id: `order-${index}`, amount: index % 5 === 0 ? 10_800 : 12_800, currency: 'CNY' };
      const url = `${edge}/v1/claims/${claimed.body.id}/redemptions`;
      await ask({ ...call, url, body: { order } }, [201, 409], signal);
    });
    return id;
  }

  private async inLook(look: Look, voucherId: string): Promise<number> {
    const { width, language, scheme } = look;
    const { config } = this.platform.services.urls;
    const page = await openIn(this.browser, look);
    const picture = (what: string, fullPage = false) =>
      page.screenshot({
        path: join(this.into, `what-if-${what}-${[width, language, scheme].join('-')}.png`),
        fullPage,
      });
    await signInToConsole(page, config);
    await page.goto(`${config}/vouchers/${voucherId}/edit`);
    await page.locator('#field-quantities-claim').fill('1000');
    for (const node of ['claim', 'use'] as const) await writeRule(page, node, RULES[node]);
    await page.locator('.editor-bar .row').last().locator('button').nth(1).waitFor();
    await picture('editor');
    await page
      .locator('.editor-bar')
      .getByRole('button', { name: /^(What if|假如)/ })
      .click();
    await page.locator('.what-if-classes').waitFor({ timeout: 30_000 });
    await page.locator('.what-if-differences tbody tr').first().waitFor();
    await page.locator('main .placeholder').first().waitFor({ state: 'detached' });
    await picture('answer', true);
    for (const [place, who] of ['winner', 'loser'].entries()) {
      await page.locator('.what-if-differences').nth(place).locator('tbody button').first().click();
      await page.locator('.what-if-traces .checks').nth(1).waitFor();
      await picture(`traces-${who}`);
      await page.keyboard.press('Escape');
    }
    await page
      .locator('main button.primary')
      .filter({ hasText: /Save it|另存为/ })
      .click();
    await page.locator('.editor-bar button.primary').click();
    await page.locator('.review-foot').waitFor();
    await picture('review');
    await page.goto(`${config}/vouchers/${voucherId}/what-if`);
    await page.locator('.what-if-list li').first().waitFor();
    await picture('asked');
    await page.context().close();
    return 6;
  }
}

/** Replaces a node's condition in the editor of CEL. */
async function writeRule(page: Page, node: 'claim' | 'use', cel: string): Promise<void> {
  await page
    .locator('#nodes .ant-tabs-tab')
    .nth(node === 'claim' ? 0 : 1)
    .click();
  const rule = page.locator(`#field-nodes-${node}-when`);
  await rule.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(cel);
}
