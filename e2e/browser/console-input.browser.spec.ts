// Difficult input in the console: hostile text, 20,000 goods, skipped or repeated wall times, odd addresses.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import type { Page } from 'playwright-core';
import { publishedVoucher, send } from '../requests.ts';
import { axeFaults } from './axe.ts';
import { useConsole, type Tab, type RunningConsole } from './console.ts';
import { HOSTILE, hostileText } from './hostile-text.ts';
import { pageOf } from './hosted-page.ts';

let running: RunningConsole;
// It runs before the hook that closes the tabs.
afterEach(async () => {
  const hacked = await Promise.all(
    running.tabs.map(({ page }) =>
      page.evaluate(() => 'hacked' in window || document.querySelector('img[src=x]') !== null),
    ),
  );
  expect(hacked).not.toContain(true);
});
useConsole((opened) => (running = opened));

const at = (path: string): Promise<Tab> => running.at(path);
const voucherOf = async (id: string) =>
  (await send<Voucher>('GET', `${running.services.urls.config}/v1/vouchers/${id}`, { token: running.token })).body;

async function save(page: Page): Promise<void> {
  await page.keyboard.press('Control+s');
  await page.getByRole('button', { name: 'Save, live at once' }).click();
}

describe('hostile text', () => {
  const everywhere = (): Partial<VoucherSpecInput> => ({
    name: hostileText(200),
    description: hostileText(4_000),
    benefit: { type: 'gift', sku: hostileText(200), name: hostileText(200) },
    labels: { campaign: hostileText(200) },
    goods: [{ sku: hostileText(200), name: hostileText(200) }],
    operations: {
      claimLabel: hostileText(200),
      afterClaim: { type: 'message', text: hostileText(4_000) },
      popup: { trigger: 'on-claim', title: hostileText(200), text: hostileText(4_000) },
    },
  });

  it('of every field is shown as text on every screen', async () => {
    const { id } = await publishedVoucher(running.services, running.token, everywhere());
    const { slug } = await pageOf(running.services, [everywhere()], hostileText(200));
    const tab = await at(`/vouchers/${id}`);
    const { page } = tab;
    const label = encodeURIComponent(`campaign:${hostileText(200)}`);
    const expected: Record<string, string> = {
      [`/vouchers/${id}`]: 'main h1',
      '/vouchers': '.voucher-name a',
      [`/vouchers/${id}/events`]: 'main h1',
      [`/vouchers/${id}/versions`]: 'main h1',
      [`/vouchers/${id}/proof`]: 'main h1',
      [`/vouchers/${id}/edit`]: 'main h1',
      [`/vouchers/new?copy=${id}`]: 'main h1',
      [`/labels/${label}`]: 'main h1',
      [`/pages/${slug}`]: 'main h1',
      '/pages': 'main a',
      '/activity': 'main a',
    };
    for (const [path, selector] of Object.entries(expected)) {
      await tab.open(path);
      await page.locator(selector).filter({ hasText: HOSTILE }).first().waitFor();
      expect([path, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([path, 0]);
    }
  });

  it('of every field passes the editor unharmed, and is drawn by its preview', async () => {
    const spec = everywhere();
    const { id } = await publishedVoucher(running.services, running.token);
    const { page } = await at(`/vouchers/${id}/edit`);
    await page.locator('#field-name').fill(spec.name!);
    await page.locator('#field-description').fill(spec.description!);
    await page.locator('#field-operations-claimLabel').fill(spec.operations!.claimLabel!);
    await page.locator('voucher-claim [part=title]').filter({ hasText: HOSTILE }).first().waitFor();
    expect(await page.locator('voucher-claim [part=button]').first().textContent()).toContain(HOSTILE);
    await save(page);
    await page.locator('main h1').filter({ hasText: HOSTILE }).waitFor();
    expect(await voucherOf(id)).toMatchObject({
      name: spec.name,
      description: spec.description,
      operations: { claimLabel: spec.operations!.claimLabel },
    });
  });

  it('of a user is shown as text where a refusal is explained', async () => {
    const { id } = await publishedVoucher(running.services, running.token, {
      nodes: { claim: { when: 'user.tier == "gold"' } },
    });
    const key = crypto.randomUUID();
    const token = await running.services.signToken({
      scope: 'claims:write',
      sub: 'u-1',
      attrs: { tier: hostileText(200) },
    });
    const url = `${running.services.urls['page-delivery']}/v1/vouchers/${id}/claims`;
    expect((await send('POST', url, { token, key })).status).toBe(409);
    const { page } = await at(`/vouchers/${id}`);
    await page
      .locator('.timeline')
      .getByRole('link', { name: /[Cc]laim refused/ })
      .click();
    await page.locator('.facts pre').filter({ hasText: HOSTILE }).waitFor();
  });

  it('in the search and the address finds nothing, and breaks nothing', async () => {
    const { page } = await at(
      `/vouchers?search=${encodeURIComponent(HOSTILE)}&label=${encodeURIComponent(HOSTILE)}&state=%00`,
    );
    expect(await page.getByRole('searchbox', { name: 'Search by name, label or id' }).inputValue()).toBe(HOSTILE);
    await page.getByRole('searchbox', { name: 'Search by name, label or id' }).fill(`${HOSTILE} of nobody`);
    await page.getByText('No voucher matches').waitFor();
  });
});

describe('a number', () => {
  it('of an input method is read; a text that is none is a fault, and never unlimited', async () => {
    const { id } = await publishedVoucher(running.services, running.token, { quantities: { claim: 500 } });
    const { page } = await at(`/vouchers/${id}/edit`);
    const quantity = page.locator('#field-quantities-claim');
    await quantity.fill('３００');
    await page.getByRole('button', { name: 'Review 1 change' }).waitFor();
    for (const [typed, told] of [
      ['1万', 'A whole number from 1'],
      ['1000.5', 'A whole number from 1'],
      ['-5', 'At least 1'],
      ['', 'Needed'],
    ] as const) {
      await quantity.fill(typed);
      await page.locator('#field-quantities-claim-note').getByText(told).waitFor();
      expect(await quantity.inputValue()).toBe(typed);
      await page.keyboard.press('Control+s');
      await eventually('it leads to the field', () => quantity.evaluate((field) => field === document.activeElement));
    }
    await page.locator('.limit', { has: quantity }).getByRole('checkbox', { name: 'unlimited' }).check();
    await save(page);
    await eventually('it is saved', async () => (await voucherOf(id)).quantities.claim === null);
  });

  it('that is an amount of an order is typed in the currency, and the rule has minor units', async () => {
    const { id } = await publishedVoucher(running.services, running.token, {
      benefit: { type: 'amount-off', amount: 2_000, currency: 'CNY' },
      nodes: { use: { when: 'order.amount >= 10000' } },
    });
    const { page } = await at(`/vouchers/${id}/edit`);
    await page.getByRole('tab', { name: 'Use' }).click();
    const amount = page.getByLabel('Value of order.amount');
    expect(await amount.inputValue()).toBe('100');
    await amount.fill('99.5');
    await save(page);
    await eventually('it is saved', async () => (await voucherOf(id)).nodes.use.when === 'order.amount >= 9950');
  });

  it('out of order is told at its field while one types, in the language of the reader', async () => {
    const { id } = await publishedVoucher(running.services, running.token, { quantities: { claim: 500 } });
    const { page } = await at(`/vouchers/${id}/edit`);
    await page.locator('.languages').getByText('中文', { exact: true }).click();
    const push = page.locator('#field-quantities-push');
    await page.locator('.limit', { has: push }).getByRole('checkbox').uncheck();
    await push.fill('100');
    await page.locator('#field-quantities-push-note').getByText('不少于领取数量 500').waitFor();
  });
});

describe('20,000 goods by CSV', () => {
  it('are imported except faulty rows, each named by its line', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const { page } = await at(`/vouchers/${id}/edit`);
    const rows = Array.from({ length: 20_000 }, (_, index) => `SKU-${index + 1},"茶 ${index + 1}"`);
    rows.splice(10, 0, ',no sku');
    rows.splice(5_000, 0, 'SKU-1,again');
    rows.push('SKU-A,one,too many', 'SKU-B,beyond');
    const buffer = Buffer.from(`sku,name\n${rows.join('\n')}\n`);
    await page.locator('#advanced > summary').click();
    await page.locator('#goods input[type=file]').setInputFiles({ name: 'goods.csv', mimeType: 'text/csv', buffer });
    const told = page.getByRole('status').filter({ hasText: 'goods.csv' });
    expect(await told.innerText()).toContain('20000 good rows, 4 faulty rows');
    expect(await told.getByRole('listitem').allInnerTexts()).toEqual([
      'Line 12: no SKU',
      'Line 5002: SKU repeated',
      'Line 20004: more than SKU and name',
      'Line 20005: beyond 20,000 items',
    ]);
    await told.getByRole('button', { name: 'Replace with the good rows' }).click();
    const list = page.getByRole('table', { name: 'Goods' });
    expect(await list.getAttribute('aria-rowcount')).toBe('20000');
    expect(await list.getByRole('row').count()).toBeLessThan(60);
    await list.evaluate((area) => area.scrollTo(0, area.scrollHeight));
    await page.getByLabel('SKU 20000', { exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'Find a SKU or name' }).fill('茶 19999');
    await eventually('one is found', async () => (await list.getAttribute('aria-rowcount')) === '1');
    await save(page);
    await eventually('they are saved', async () => (await voucherOf(id)).goods.length === 20_000, {
      timeoutMs: 20_000,
    });
    expect((await voucherOf(id)).goods.at(-1)).toEqual({ sku: 'SKU-20000', name: '茶 20000' });
  });
});

describe('an order', () => {
  it('is thought of by a budget and a combination, which the overview shows again', async () => {
    const { id } = await publishedVoucher(running.services, running.token, {
      benefit: { type: 'amount-off', amount: 2_000, currency: 'EUR' },
    });
    const { page } = await at(`/vouchers/${id}/edit`);
    await page.getByRole('checkbox', { name: 'Limit the money that it takes off in all' }).check();
    await page.locator('#field-quantities-budget-amount').fill('1500.50');
    await page.getByRole('checkbox', { name: /^Say how it combines/ }).check();
    await page.locator('#field-combine-group').fill('welcome');
    await page.getByRole('button', { name: 'these groups' }).click();
    await page.locator('#field-combine-priority').fill('-5');
    await save(page);
    await eventually('it is saved', async () => (await voucherOf(id)).version === 2);
    expect(await voucherOf(id)).toMatchObject({
      quantities: { budget: { amount: 150_050, currency: 'EUR' } },
      combine: { group: 'welcome', with: ['default'], perOrder: 1, priority: -5 },
    });
    await page.getByRole('heading', { name: 'Money taken off · of €1,500.50' }).waitFor();
    await page
      .locator('.settings')
      .getByText('group welcome · with default · at most 1 on an order · priority -5')
      .waitFor();
  });
});

describe('what is saved by name', () => {
  it('is a template, or a view of the list', async () => {
    const { page } = await at('/vouchers/new');
    await page.locator('#field-name').fill('Spring gift');
    await page.getByRole('button', { name: 'Save as template' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save as template' }).click();
    await page.getByRole('link', { name: 'Spring gift' }).click();
    await eventually(
      'it begins as the template',
      async () => (await page.locator('#field-name').inputValue()) === 'Spring gift',
    );
    const list = await at('/vouchers?state=draft');
    await list.page.getByRole('button', { name: 'Save this view' }).click();
    const dialog = list.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('My drafts');
    await dialog.getByRole('button', { name: 'Save this view' }).click();
    await dialog.waitFor({ state: 'detached' });
    await list.open('/vouchers');
    await list.page.getByRole('link', { name: 'My drafts' }).click();
    await list.page.waitForURL(/state=draft/);
    await list.page.getByRole('button', { name: 'Forget the view My drafts' }).click();
    await list.page.getByRole('link', { name: 'My drafts' }).waitFor({ state: 'detached' });
  });
});

describe('wall time over a clock change', () => {
  it('that is skipped is a fault; one that comes twice needs a choice', async () => {
    const { id } = await publishedVoucher(running.services, running.token, {
      windows: { timeZone: 'Europe/Berlin', valid: { from: '2031-01-01T00:00:00Z', to: '2032-01-01T00:00:00Z' } },
    });
    const { page } = await at(`/vouchers/${id}/edit`);
    const from = page.locator('#field-windows-valid-from');
    await from.fill('2031-03-30T02:30');
    await page.getByText('The clocks skip this time in Europe/Berlin').waitFor();
    await page.keyboard.press('Control+s');
    await eventually('it leads to the field', () => from.evaluate((field) => field === document.activeElement));
    expect(await page.getByRole('dialog').count()).toBe(0);
    await from.fill('2031-10-26T02:30');
    const choice = page.getByRole('group', { name: 'This time comes twice in Europe/Berlin' });
    await choice.getByRole('button', { name: 'the first, +02:00' }).waitFor();
    await choice.getByRole('button', { name: 'the second, +01:00' }).click();
    await choice.waitFor({ state: 'hidden' });
    expect(await from.inputValue()).toBe('2031-10-26 02:30');
    await save(page);
    await eventually('it is saved', async () => (await voucherOf(id)).version === 2);
    expect((await voucherOf(id)).windows.valid.from).toBe('2031-10-26T01:30:00.000Z');
  });
});

describe('the till', () => {
  it('prices the draft with vouchers of the list, by keyboard, and says why one is not used', async () => {
    const voucher = async (spec: Partial<VoucherSpecInput>): Promise<string> =>
      (await publishedVoucher(running.services, running.token, spec)).id;
    const off = (amount: number): Partial<VoucherSpecInput> => ({
      benefit: { type: 'amount-off', amount, currency: 'CNY' },
    });
    const [edited] = await Promise.all([
      voucher({ ...off(2_000), name: 'Till edited' }),
      voucher({ ...off(1_000), name: 'Till second' }),
      voucher({ ...off(500), name: 'Till alone', combine: { with: 'none' } }),
      voucher({ ...off(100), name: 'Till larger', nodes: { use: { when: 'order.amount >= 11200' } } }),
    ]);
    const { page } = await at(`/vouchers/${edited}/edit`);
    const till = page.locator('#till');
    await till.getByRole('button', { name: 'Try an order' }).press('Enter');
    // The first question starts the judging thread.
    await till.getByText('To pay: CN¥80').waitFor({ timeout: 60_000 });
    const search = till.getByRole('combobox', { name: 'Add a voucher to the order' });
    for (const name of ['Till second', 'Till alone', 'Till larger']) {
      await search.focus();
      await page.keyboard.type(name);
      await page.locator('.ant-select-item-option').filter({ hasText: name }).first().waitFor();
      await page.keyboard.press('Enter');
      await till.locator('.till-chosen').getByText(name).waitFor();
    }
    await till.getByText('CN¥12 more to use it').waitFor();
    expect(await till.locator('.till-list').first().innerText()).toMatch(
      /Till alone\s+Does not combine with the others[^]*Till larger\s+Use rule not met/,
    );
    expect(await till.locator('.till-split tfoot').innerText()).toMatch(
      /CN¥100\s+−CN¥(20\s+−CN¥10|10\s+−CN¥20)\s+CN¥70/,
    );
    // The draft counts as it is edited.
    await page.locator('#field-benefit-amount').fill('30');
    await till.getByText('To pay: CN¥60').waitFor();
    // With a line more the larger one counts, too.
    await till.getByRole('button', { name: 'Add a line' }).press('Enter');
    await eventually('the new line has the focus', () =>
      till
        .getByRole('textbox', { name: 'Goods (SKU) of line 2' })
        .evaluate((field) => field === document.activeElement),
    );
    await till.getByRole('textbox', { name: 'Amount of line 2' }).fill('12');
    await till.getByText('To pay: CN¥71').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
  }, 120_000);
});

describe('an address', () => {
  it('of a claim opens right after one of a decision, as typed', async () => {
    const tab = await at(`/decisions/${running.scene.refusedSubmissionId}`);
    for (let turn = 0; turn < 3; turn++) {
      await tab.open(`/claims/${running.scene.claimId}`);
      await tab.page.getByRole('heading', { name: 'History' }).waitFor();
      await tab.open(`/decisions/${running.scene.refusedSubmissionId}`);
      await tab.page.getByText(/^Refused: /).waitFor();
    }
  });

  it('before its first event, a voucher says that nothing had happened yet', async () => {
    const { page } = await at(`/vouchers/${running.scene.voucherId}?at=2020-01-01T00:00:00Z`);
    await page.getByText('Nothing had happened yet').waitFor();
  });

  it.each(['/vouchers/nothing', '/claims/nothing', '/decisions/nothing', '/pages/nothing'])(
    '%s with an unknown id says so',
    async (path) => {
      const tab = await running.tab();
      await tab.page.goto(running.services.urls.config + path);
      await tab.page.getByText('Unknown, or not yours').waitFor();
    },
  );
});
