// The console's addresses and its sign-in, for programs that drive a browser.
import type { Page } from 'playwright-core';
import type { Scene } from './scene.ts';

/** The views of a voucher that show its waiting list. */
export const WAITING_VIEWS = ['/waiting-list', ''] as const;

/** Signs in by code and PKCE as an identity of the issuer's list. Ends on the list of vouchers. */
export async function signInToConsole(page: Page, consoleUrl: string, sub = 'publisher'): Promise<void> {
  await page.goto(`${consoleUrl}/sign-in`);
  await page.locator('main button.primary').click();
  await page.locator(`button[name=sub][value=${sub}]`).click();
  await page.waitForURL('**/vouchers');
}

/** Each screen by name. A screen is there when its heading, or a substitute for it, is visible. */
export const consoleRoutes = (scene: Scene): Readonly<Record<string, string>> => ({
  today: '/today',
  list: '/vouchers',
  new: '/vouchers/new',
  editor: `/vouchers/${scene.voucherId}/edit`,
  copy: `/vouchers/new?copy=${scene.waitedForId}`,
  detail: `/vouchers/${scene.voucherId}`,
  events: `/vouchers/${scene.voucherId}/events`,
  usage: `/vouchers/${scene.voucherId}/usage`,
  'waiting-list': `/vouchers/${scene.waitedForId}/waiting-list`,
  versions: `/vouchers/${scene.voucherId}/versions?from=1&to=2`,
  version: `/vouchers/${scene.voucherId}/versions?to=1&view=full`,
  proof: `/vouchers/${scene.voucherId}/proof`,
  campaigns: '/campaigns',
  campaign: `/labels/${scene.label}`,
  decision: `/decisions/${scene.refusedSubmissionId}`,
  claim: `/claims/${scene.claimId}`,
  user: '/users/u-4',
  pages: '/pages',
  page: `/pages/${scene.slug}`,
  activity: '/activity',
});
