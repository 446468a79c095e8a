// The console offers only what its user may do, so nobody gets a 403 after an edit.
import { describe, expect, it } from '@jest/globals';
import type { Voucher } from '@vouchers/contracts';
import type { Page } from 'playwright-core';
import { publishedVoucher, send } from '../requests.ts';
import { useConsole, type RunningConsole } from './console.ts';
import { changeSession } from './disturbances.ts';

let running: RunningConsole;
useConsole((opened) => (running = opened));

/** The voucher's page, of a user with this scope. */
async function opened(path: string, scope: string, locale: string): Promise<Page> {
  const tab = await running.tab({ locale });
  await tab.open('/vouchers');
  await changeSession(tab.page, { access_token: await running.services.signToken({ sub: 'staff', scope }) });
  await tab.open(path);
  return tab.page;
}

const WRITER = 'vouchers:read vouchers:write ledger:read';
const WORDS = {
  en: { edit: 'Edit', needs: 'Needs vouchers:publish' },
  'zh-CN': { edit: '编辑', needs: '需要 vouchers:publish 权限' },
};

describe.each(Object.entries(WORDS))('who may write and not publish, in %s,', (locale, { edit, needs }) => {
  it('finds a live voucher closed, with the reason', async () => {
    const { id } = await publishedVoucher(running.services, running.token);
    const page = await opened(`/vouchers/${id}`, WRITER, locale);
    const button = page.getByRole('button', { name: edit, exact: true });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await button.hover();
    await page.getByRole('tooltip').filter({ hasText: needs }).first().waitFor();
    await page.goto(`${running.services.urls.config}/vouchers/${id}/edit`);
    await page.getByRole('alert').filter({ hasText: needs }).waitFor();
    expect(await page.locator('#field-name').isDisabled()).toBe(true);
    expect(await page.locator('.editor-bar button.primary').isDisabled()).toBe(true);
  });

  it('changes a draft', async () => {
    const body = { name: 'Draft', resourceType: 'gift', windows: { timeZone: 'UTC', valid: VALID } };
    const url = `${running.services.urls.config}/v1/vouchers`;
    const { id } = (await send<Voucher>('POST', url, { token: running.token, body })).body;
    const page = await opened(`/vouchers/${id}/edit`, WRITER, locale);
    await page.locator('#field-name').fill('Changed');
    await page.locator('.editor-bar button.primary').click();
    await page.locator('.review-foot button:not([aria-disabled])').nth(1).click();
    await page.waitForURL(`**/vouchers/${id}`);
    expect((await send<Voucher>('GET', `${url}/${id}`, { token: running.token })).body.name).toBe('Changed');
  });
});

const VALID = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
