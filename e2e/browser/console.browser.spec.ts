// The console's tasks in a browser, against running services, with their clicks counted.
import { describe, expect, it } from '@jest/globals';
import type { Counters, Page, Voucher } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { text } from 'node:stream/consumers';
import { publishedVoucher, send } from '../requests.ts';
import { expectWithin, useConsole, type Tab, type RunningConsole } from './console.ts';
import { pageOf, visit } from './hosted-page.ts';
import { focusedName, tabTo } from './keyboard.ts';

let running: RunningConsole;
useConsole((opened) => (running = opened));

/** Opens a tab at an address; clicks are counted from there. */
const at = (path: string): Promise<Tab> => running.at(path);
const read = async <Body>(service: 'config' | 'ledger', path: string): Promise<Body> =>
  (await send<Body>('GET', `${running.services.urls[service]}/v1${path}`, { token: running.token })).body;
const voucherOf = (id: string) => read<Voucher>('config', `/vouchers/${id}`);
const idIn = ({ page }: Tab): string => new URL(page.url()).pathname.split('/')[2]!;

it('is signed in by code and PKCE', () => {
  expect(Object.fromEntries(running.asked)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
});

describe('staff', () => {
  it('publish a copy with new dates', async () => {
    const tab = await at('/vouchers');
    const { page } = tab;
    await tab.click(page.getByRole('button', { name: 'Copy 满100减20' }));
    const begins = page.locator('input#copy-begins');
    await tab.click(begins);
    await begins.fill('2031-11-01T00:00');
    await tab.click(page.getByRole('button', { name: /^Review/ }));
    await tab.click(page.getByRole('button', { name: 'Publish now' }));
    await page.getByRole('heading', { level: 1, name: '满100减20 (copy)' }).waitFor();
    const [copy, original] = [await voucherOf(idIn(tab)), await voucherOf(running.scene.voucherId)];
    const length = ({ windows: { valid } }: Voucher) => Date.parse(valid.to) - Date.parse(valid.from);
    expect(copy.windows.valid.from).toBe('2031-10-31T16:00:00.000Z');
    expect(length(copy)).toBe(length(original));
    expect(copy.state).not.toBe('draft');
    expectWithin(tab, { clicks: 8, seconds: 60 });
  });

  it('build a claim rule and see it tried', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const tab = await at(`/vouchers/${id}/edit`);
    const { page } = tab;
    await tab.click(page.getByRole('button', { name: 'Add rule' }));
    await page.getByRole('combobox', { name: 'What', exact: true }).selectOption('user.age');
    await page.getByLabel('How', { exact: true }).selectOption('>=');
    await tab.click(page.getByLabel('Value of user.age'));
    await page.getByLabel('Value of user.age').fill('18');
    const cel = page.getByLabel('CEL condition of the Claim node');
    await eventually('it is CEL', async () => (await cel.innerText()).trim() === 'user.age >= 18');
    await page.getByText('valid', { exact: true }).waitFor();
    await page
      .locator('#nodes table')
      .getByRole('button', { name: /granted/ })
      .first()
      .waitFor();
    expectWithin(tab, { clicks: 6, seconds: 60 });
  });

  it('change a rule in CEL and see it drawn', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const { page } = await at(`/vouchers/${id}/edit`);
    const cel = page.getByLabel('CEL condition of the Claim node');
    await cel.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('user.tier == "gold" && user.age >= 21');
    await page.getByLabel('Value of user.age').waitFor();
    expect(await page.getByLabel('Value of user.age').inputValue()).toBe('21');
    expect(await page.getByLabel('Value of user.tier').inputValue()).toBe('gold');
    await page.getByLabel('Value of user.age').fill('30');
    await eventually('the CEL follows', async () => /user\.age >= 30/.test(await cel.innerText()));
    await page.getByRole('button', { name: /^Review/ }).click();
    await page.getByRole('button', { name: 'Save, live at once' }).click();
    await eventually('it is saved', async () => (await voucherOf(id)).version === 2);
    expect((await voucherOf(id)).nodes.claim.when).toMatch(/^user\.tier == "gold" && user\.age >= 30$/);
  });

  it('never lose a condition that the builder cannot draw', async () => {
    const when = 'user.tier == "gold" && now.getHours() < 12';
    const { id } = await publishedVoucher(running.services, running.token, { nodes: { claim: { when } } });
    const { page } = await at(`/vouchers/${id}/edit`);
    await page.getByText('As CEL only').waitFor();
    expect(await page.getByRole('button', { name: 'Add rule' }).count()).toBe(0);
    await page.getByLabel('Name', { exact: true }).first().fill('Another name');
    await page.getByRole('button', { name: 'Review 1 change' }).click();
    await page.getByRole('button', { name: 'Save, live at once' }).click();
    await eventually('it is saved', async () => (await voucherOf(id)).version === 2);
    expect(await voucherOf(id)).toMatchObject({ name: 'Another name', nodes: { claim: { when } } });
  });

  it('pause from the list, and the page shows it', async () => {
    const { slug, voucherIds } = await pageOf(running.services, [{ name: 'Goes wrong' }]);
    const customer = await visit(running.browser, running.services, slug, { sub: `user-${crypto.randomUUID()}` });
    await customer.button().waitFor();
    const tab = await at('/vouchers?search=Goes wrong');
    await tab.click(tab.page.getByRole('button', { name: 'Pause Goes wrong' }));
    await tab.click(tab.page.getByRole('dialog').getByRole('button', { name: 'Pause' }));
    await tab.page.getByRole('button', { name: 'Resume Goes wrong' }).waitFor();
    await eventually('the page no longer offers it', async () => {
      await customer.page.reload();
      await customer.page.locator('voucher-claim').waitFor();
      return (await customer.page.getByRole('button', { name: 'Claim' }).count()) === 0;
    });
    expectWithin(tab, { clicks: 2, seconds: 5 });
    await customer.context.close();
    expect(customer.faults).toEqual([]);
    expect((await voucherOf(voucherIds[0]!)).state).toBe('paused');
  });

  it('raise a live quantity and see the difference first', async () => {
    const { id } = await publishedVoucher(running.services, running.token, { quantities: { claim: 500 } });
    const tab = await at(`/vouchers/${id}`);
    const { page } = tab;
    await tab.click(page.getByRole('button', { name: 'Edit' }));
    const quantity = page.locator('#quantities').getByLabel('Claim');
    await tab.click(quantity);
    await quantity.fill('600');
    await tab.click(page.getByRole('button', { name: 'Review 1 change' }));
    const row = page.getByRole('dialog').getByRole('row', { name: /Claim quantity/ });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(['500', '600']);
    await tab.click(page.getByRole('button', { name: 'Save, live at once' }));
    await eventually('the ledger counts them', async () => {
      return (await read<Counters>('ledger', `/vouchers/${id}/counters`)).free === 600;
    });
    expectWithin(tab, { clicks: 4, seconds: 20 });
  });

  it('who edit one voucher at the same time are asked only about conflicts', async () => {
    const { id } = await publishedVoucher(running.services, running.token, { quantities: { claim: 500 } });
    const [one, other] = [await at(`/vouchers/${id}/edit`), await at(`/vouchers/${id}/edit`)];
    for (const [{ page }, name] of [
      [one, 'By one'],
      [other, 'By the other'],
    ] as const)
      await page.getByLabel('Name', { exact: true }).first().fill(name);
    await one.page.locator('#quantities').getByLabel('Claim').fill('700');
    const saved = one.page.getByRole('button', { name: 'Save, live at once' });
    await one.page.keyboard.press('Control+s');
    await saved.click();
    await eventually('one has saved', async () => (await voucherOf(id)).version === 2);
    const { page } = other;
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: 'Save, live at once' }).click();
    await page.getByText('Somebody saved version 2 meanwhile').waitFor();
    const row = page.getByRole('dialog').getByRole('row', { name: /^Name/ });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(
      expect.arrayContaining(['A voucher', 'By the other', 'By one']),
    );
    expect(await page.getByRole('dialog').getByRole('row').count()).toBe(2);
    await row.getByText('Mine', { exact: true }).click();
    await page.getByRole('button', { name: 'Save on v2' }).click();
    await eventually('both are kept', async () => (await voucherOf(id)).version === 3);
    expect(await voucherOf(id)).toMatchObject({ name: 'By the other', quantities: { claim: 700 } });
  });

  it('read the funnel of a campaign', async () => {
    const tab = await at('/vouchers');
    const { page } = tab;
    await tab.click(page.getByRole('link', { name: /campaign:autumn/ }).first());
    await page.getByRole('heading', { name: 'Label campaign:autumn' }).waitFor();
    const sum = await read<{ claimed: number }>('ledger', `/counters?label=${running.scene.label}`);
    await page.locator('main').getByText(String(sum.claimed), { exact: true }).first().waitFor();
    expect(sum.claimed).toBeGreaterThan(0);
    expectWithin(tab, { clicks: 1, seconds: 5 });
  });

  it('put a voucher on a page and copy its tag', async () => {
    const { slug } = await pageOf(running.services, [{}], 'A page to fill');
    await publishedVoucher(running.services, running.token, { name: 'For the page' });
    const tab = await at('/pages');
    const { page } = tab;
    await tab.click(page.getByRole('link', { name: 'A page to fill' }));
    await tab.click(page.getByRole('combobox', { name: 'Add a voucher' }));
    await page.keyboard.type('For the page');
    await page.locator('.ant-select-item-option', { hasText: 'For the page' }).waitFor();
    await page.keyboard.press('Enter');
    await tab.click(page.getByRole('button', { name: 'Save' }));
    await page.getByText('Page saved').waitFor();
    await tab.click(page.getByRole('button', { name: 'Copy Tag for your site' }));
    const tag = await page.evaluate(() => navigator.clipboard.readText());
    expect(tag).toBe(
      `<script type="module" src="${running.services.urls['page-delivery']}/claim-widget.js"></script>` +
        `<voucher-claim page="${slug}"></voucher-claim>`,
    );
    expect((await read<Page>('config', `/pages/${slug}`)).voucherIds).toHaveLength(2);
    expectWithin(tab, { clicks: 4, seconds: 30 });
  });
});

describe('staff, with more than one voucher', () => {
  const three = async (name: string, spec: object = {}): Promise<string[]> => {
    const ids: string[] = [];
    for (const number of [1, 2, 3])
      ids.push((await publishedVoucher(running.services, running.token, { name: `${name} ${number}`, ...spec })).id);
    return ids;
  };

  it('find what needs attention today', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const windows = { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: until } };
    await publishedVoucher(running.services, running.token, { name: 'Ends tomorrow', windows });
    await eventually('the ledger knows it', async () => {
      const { items } = await read<{ items: { name: string }[] }>('ledger', '/vouchers?attention=ends-soon');
      return items.some(({ name }) => name === 'Ends tomorrow');
    });
    const tab = await at('/vouchers');
    await tab.click(tab.page.getByRole('link', { name: 'Today' }));
    await tab.page.getByRole('link', { name: 'Ends tomorrow' }).waitFor();
    expectWithin(tab, { clicks: 1, seconds: 5 });
  });

  it('pause three at once, each with its own outcome', async () => {
    const ids = await three('Several');
    const tab = await at('/vouchers?search=Several');
    const { page } = tab;
    await tab.click(page.getByRole('checkbox', { name: 'Choose all shown' }));
    await tab.click(page.getByRole('button', { name: 'Pause', exact: true }));
    await tab.click(page.getByRole('dialog').getByRole('button', { name: 'Pause' }));
    await eventually('each is told', async () => (await page.locator('.bulk-outcomes .good').count()) === 3);
    for (const id of ids) expect((await voucherOf(id)).state).toBe('paused');
    expectWithin(tab, { clicks: 4, seconds: 10 });
  });

  it('extend the end of several, and see which one was refused', async () => {
    const ids = await three('Extended');
    await send('POST', `${running.services.urls.config}/v1/vouchers/${ids[1]}/terminate`, { token: running.token });
    const tab = await at('/vouchers?search=Extended');
    const { page } = tab;
    await tab.click(page.getByRole('checkbox', { name: 'Choose all shown' }));
    await tab.click(page.getByRole('button', { name: 'Extend the end' }));
    const end = page.getByLabel(/^New end/);
    await tab.click(end);
    await end.fill('2130-01-01T00:00');
    await tab.click(page.getByRole('dialog').getByRole('button', { name: 'Extend the end' }));
    await eventually('two are done', async () => (await page.locator('.bulk-outcomes .good').count()) === 2);
    expect(await page.locator('.bulk-outcomes .bad').innerText()).toContain('terminated');
    expect((await voucherOf(ids[0]!)).windows.valid.to).toBe('2129-12-31T16:00:00.000Z');
    expectWithin(tab, { clicks: 5, seconds: 30 });
  });

  it('restore a version', async () => {
    const { id } = await publishedVoucher(running.services, running.token, { name: 'As it was' });
    const { version: _, ...spec } = await voucherOf(id);
    const { name, resourceType, windows } = spec;
    const body = { name: `${name}, changed`, resourceType, windows };
    await send('PUT', `${running.services.urls.config}/v1/vouchers/${id}`, {
      token: running.token,
      headers: { 'If-Match': '*' },
      body,
    });
    const tab = await at(`/vouchers/${id}/versions`);
    const { page } = tab;
    await tab.click(page.getByRole('button', { name: 'Show version 1 in full' }));
    await tab.click(page.getByRole('button', { name: 'Restore version 1' }));
    await tab.click(page.getByRole('button', { name: /^Review/ }));
    await tab.click(page.getByRole('button', { name: 'Save, live at once' }));
    await eventually('it is saved', async () => (await voucherOf(id)).version === 3);
    expect((await voucherOf(id)).name).toBe('As it was');
    expectWithin(tab, { clicks: 4, seconds: 20 });
  });

  it('start from a template, and read what goes live', async () => {
    const tab = await at('/vouchers/new');
    const { page } = tab;
    await tab.click(page.getByRole('link', { name: 'Amount off from a minimum' }));
    await tab.click(page.getByRole('button', { name: /^Review/ }));
    const review = page.getByRole('dialog');
    await review.getByText(/^1,000 units of CN¥20 off, for everyone, .* one each\.$/).waitFor();
    await review.getByText('Everyone may claim it.').waitFor();
    await tab.click(review.getByRole('button', { name: 'Publish now' }));
    await page.getByRole('heading', { level: 1, name: 'Amount off from a minimum' }).waitFor();
    expect((await voucherOf(idIn(tab))).nodes.use.when).toBe('order.amount >= 10000');
    expectWithin(tab, { clicks: 5, seconds: 40 });
  });

  it('export refusals', async () => {
    const tab = await at(`/vouchers/${running.scene.voucherId}/events?type=voucher.claim-refused.v1`);
    const [download] = await Promise.all([
      tab.page.waitForEvent('download'),
      tab.click(tab.page.getByRole('button', { name: 'CSV' })),
    ]);
    const lines = (await text(await download.createReadStream())).trimEnd().split('\r\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.slice(1).every((line) => line.includes('voucher.claim-refused.v1,'))).toBe(true);
    expectWithin(tab, { clicks: 2, seconds: 5 });
  });
});

describe('support', () => {
  it('finds a customer by the user id, with the reasons of refusals', async () => {
    const tab = await at('/vouchers');
    const { page } = tab;
    await page.keyboard.press('Control+k');
    await eventually('it asks', async () => (await focusedName(page)) === 'Find');
    await page.keyboard.type('u-4');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/users/u-4');
    await tab.click(page.getByRole('button', { name: 'Refusals' }));
    await page.getByRole('cell', { name: 'Claim rule not met' }).waitFor();
    expectWithin(tab, { clicks: 2, seconds: 15 });
  });

  it('see why a claim was refused', async () => {
    const tab = await at(`/vouchers/${running.scene.voucherId}`);
    const { page } = tab;
    await tab.click(
      page
        .locator('.timeline')
        .getByRole('link', { name: /[Cc]laim refused/ })
        .first(),
    );
    const drawer = page.getByRole('dialog');
    await drawer.getByText(/^Refused: /).waitFor();
    const checks = await drawer.locator('.checks li').allInnerTexts();
    expect(checks.filter((check) => check.includes('failed here'))).toHaveLength(1);
    expect(await drawer.locator('.checks li', { hasText: 'failed here' }).innerText()).toContain('claim-rule');
    await drawer.locator('blockquote', { hasText: 'You can’t claim this one' }).waitFor();
    await drawer.locator('blockquote', { hasText: '暂不符合领取条件' }).waitFor();
    await drawer.locator('.clauses .fails', { hasText: 'user.tier in' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/decisions\//);
    expectWithin(tab, { clicks: 2, seconds: 15 });
  });
});

describe('an auditor', () => {
  it('has the proof of a past moment', async () => {
    const tab = await at('/vouchers?search=满100减20');
    const { page } = tab;
    await tab.click(page.getByRole('link', { name: '满100减20', exact: true }));
    await tab.click(page.getByRole('link', { name: 'Proof', exact: true }));
    const moment = page.getByLabel('As of');
    const wallTime = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19); // in Asia/Shanghai
    await tab.click(moment);
    await moment.fill(wallTime);
    await page.keyboard.press('Enter');
    await page.getByText('You are looking at the past').waitFor();
    await page.getByText('The equation holds').waitFor();
    expect(new URL(page.url()).searchParams.get('at')).toBe(new Date(`${wallTime}+08:00`).toISOString());
    expectWithin(tab, { clicks: 3, seconds: 15 });
  });
});

describe('the keyboard alone', () => {
  it('finds a voucher, pauses it and opens what an id belongs to', async () => {
    await publishedVoucher(running.services, running.token, { name: 'By keys' });
    const { page } = await at('/vouchers');
    const { keyboard } = page;
    await keyboard.press('Tab');
    expect(await focusedName(page)).toBe('Skip to content');
    await keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await keyboard.press('/');
    await keyboard.type('By ');
    await page.waitForURL(/search=By$/); // the list is searched already, and the field keeps its space
    await keyboard.type('keys');
    await page.getByText('Shown: 1').waitFor();
    await tabTo(page, /^Pause By keys$/);
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await eventually('its button has the focus', async () => (await focusedName(page)) === 'Pause');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Resume By keys' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await keyboard.press('Control+k');
    await eventually('it asks for an id', async () => (await focusedName(page)) === 'Find');
    await keyboard.type(running.scene.claimId);
    await keyboard.press('Enter');
    await page.waitForURL(`**/claims/${running.scene.claimId}`);
  });

  it('raises a live quantity, reviews and saves it', async () => {
    const { id } = await publishedVoucher(running.services, running.token, { quantities: { claim: 500 } });
    const { page } = await at(`/vouchers/${id}`);
    const { keyboard } = page;
    await tabTo(page, /^Edit$/);
    await keyboard.press('Enter');
    await page.locator('#field-quantities-claim').waitFor();
    await tabTo(page, /^Claim$/);
    await keyboard.press('Control+a');
    await keyboard.type('600');
    await keyboard.press('Control+s');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, /^Save, live at once$/);
    await keyboard.press('Enter');
    await eventually('it is saved', async () => (await voucherOf(id)).quantities.claim === 600);
  });
});
