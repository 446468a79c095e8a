// Pictures of the till in the editor: vouchers that combine, one that does not, and one for which the order is too small.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Voucher, VoucherSpecInput } from '@vouchers/contracts';
import type { Browser, Page } from 'playwright-core';
import { ask } from '../demo/service-calls.ts';
import type { Platform } from '../services/platform.ts';
import { signInToConsole } from './console-routes.ts';
import { LOOKS, openIn, type Look } from './studio.ts';

const DAY_MS = 86_400_000;
const at = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().replace(/T.*/, 'T16:00:00Z');
const windows = { timeZone: 'Asia/Shanghai', valid: { from: at(-5), to: at(40) } };
const common = { resourceType: 'coupon', windows } as const;

const EDITED: VoucherSpecInput = {
  ...common,
  name: '满100减20',
  benefit: { type: 'amount-off', amount: 2_000, currency: 'CNY' },
  nodes: { use: { when: 'order.amount >= 10000' } },
};
/** In the order in which they are put on the order. */
const OTHERS: readonly VoucherSpecInput[] = [
  {
    ...common,
    name: '茶九折 Tea 10 % off',
    benefit: { type: 'percent-off', percent: 10 },
    goods: [{ sku: 'TEA', name: '龙井 Longjing' }],
  },
  { ...common, name: '赠品 A cup', resourceType: 'gift', benefit: { type: 'gift', sku: 'CUP', name: '茶杯 A cup' } },
  {
    ...common,
    name: '会员专享 Members only',
    benefit: { type: 'amount-off', amount: 1_500, currency: 'CNY' },
    combine: { group: 'members', with: 'none' },
  },
  {
    ...common,
    name: '满132减30',
    benefit: { type: 'amount-off', amount: 3_000, currency: 'CNY' },
    nodes: { use: { when: 'order.amount >= 13200' } },
  },
];

export class TillStory {
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
    const voucherId = await this.publish();
    let taken = 0;
    for (const look of LOOKS) taken += await this.inLook(look, voucherId);
    return taken;
  }

  /** @returns the id of the voucher that is edited */
  private async publish(): Promise<string> {
    const token = await this.platform.signToken({ sub: 'staff', scope: 'vouchers:write vouchers:publish' });
    const call = {
      method: 'POST',
      url: `${this.platform.services.urls.config}/v1/vouchers/batch`,
      headers: { Authorization: `Bearer ${token}` },
      body: { items: [EDITED, ...OTHERS], publish: true },
    } as const;
    const { body } = await ask<{ items: Voucher[] }>(call, [201], new AbortController().signal);
    return body.items[0]!.id;
  }

  private async inLook(look: Look, voucherId: string): Promise<number> {
    const { width, language, scheme } = look;
    const { config } = this.platform.services.urls;
    const page = await openIn(this.browser, look);
    await signInToConsole(page, config);
    await page.goto(`${config}/vouchers/${voucherId}/edit`);
    await page.locator('#till button').click();
    await fillOrder(page);
    const [tea, gift, alone, larger] = OTHERS.map(({ name }) => name) as [string, string, string, string];
    const picture = async (what: string): Promise<void> => {
      await page.locator('#till :is(.trial-old, .placeholder)').first().waitFor({ state: 'detached' });
      const path = join(this.into, `till-${what}-${[width, language, scheme].join('-')}.png`);
      await page.locator('#till').screenshot({ path });
    };
    await add(page, tea);
    await add(page, gift);
    await page.locator('#till .till-split thead th').nth(3).waitFor();
    await picture('three');
    await add(page, alone);
    await page.locator('#till .till-list li').filter({ hasText: alone }).waitFor();
    await picture('not-combinable');
    await page.locator('.till-chosen li').filter({ hasText: alone }).getByRole('button').click();
    await add(page, larger);
    await page.locator('#till .till-missing').waitFor();
    await picture('shortfall');
    await page.context().close();
    return 3;
  }
}

/** Tea for 80, bread for 30, and 10 for the way. */
async function fillOrder(page: Page): Promise<void> {
  const till = page.locator('#till');
  await till.locator('.till-line input').first().waitFor();
  await till.locator('.till-line input').nth(0).fill('TEA');
  await till.locator('.till-line input').nth(1).fill('80');
  await till.locator('.till-order > .row button').click();
  await till.locator('.till-line input').nth(2).fill('BREAD');
  await till.locator('.till-line input').nth(3).fill('30');
  await till.locator('.till-fields input').first().fill('10');
}

/** Puts a voucher of the list on the order. */
async function add(page: Page, name: string): Promise<void> {
  const search = page.locator('#till .till-search input');
  await search.fill(name);
  await page.locator('.ant-select-item-option').filter({ hasText: name }).first().waitFor();
  await search.press('Enter');
  await page.locator('.till-chosen li').filter({ hasText: name }).waitFor();
}
