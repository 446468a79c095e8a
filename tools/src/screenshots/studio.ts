// Takes the pictures: every screen of the console and of the widget, in one look after another.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Services } from '../services/services.ts';
import { consoleRoutes, signInToConsole } from './console-routes.ts';
import type { Scene } from './scene.ts';

/** A look: width, language and colour scheme. */
export interface Look {
  readonly width: 1440 | 1280 | 390;
  readonly language: 'zh-CN' | 'en';
  readonly scheme: 'light' | 'dark';
}

/** All looks. */
export const LOOKS: readonly Look[] = ([1440, 1280, 390] as const).flatMap((width) =>
  (['zh-CN', 'en'] as const).flatMap((language) =>
    (['light', 'dark'] as const).map((scheme) => ({ width, language, scheme })),
  ),
);

/** Takes the pictures. Each look has a browser profile of its own, which signs in once. */
export class Studio {
  private readonly urls: Services['urls'];
  private readonly addresses: Record<string, string>;
  private readonly browser: Browser;
  private readonly slug: string;

  constructor(browser: Browser, urls: Services['urls'], scene: Scene) {
    this.browser = browser;
    this.urls = urls;
    this.slug = scene.slug;
    const console = Object.entries(consoleRoutes(scene)).map(([name, path]) => [name, urls.config + path]);
    this.addresses = Object.fromEntries([...console, ['sign-in', `${urls.config}/sign-in`]]);
  }

  /** Takes every screen from top to bottom. @returns the number of pictures */
  async takeAll(look: Look, into: string): Promise<number> {
    mkdirSync(into, { recursive: true });
    const file = (screen: string) => join(into, `${[screen, ...Object.values(look)].join('-')}.png`);
    const page = await openIn(this.browser, look);
    await signInToConsole(page, this.urls.config);
    for (const [screen, address] of Object.entries(this.addresses)) {
      await visit(page, address);
      await page.screenshot({ path: file(screen), fullPage: true });
    }
    await page.goto(`${this.urls['page-delivery']}/p/${this.slug}`);
    await page.locator('#welcome').waitFor();
    await page.screenshot({ path: file('signed-out'), fullPage: true });
    await this.asCustomer(page, 'alice', () => page.screenshot({ path: file('issuer'), fullPage: true }));
    await page.screenshot({ path: file('widget'), fullPage: true });
    await page.locator('voucher-claim [part=button]').first().click();
    await page.locator('voucher-claim dialog').waitFor();
    await page.screenshot({ path: file('popup') });
    await page.context().close();
    await this.takeMine(look, file);
    return Object.keys(this.addresses).length + 6;
  }

  /** Takes the page with the vouchers of a customer who has claimed one. */
  private async takeMine(look: Look, file: (screen: string) => string): Promise<void> {
    const page = await openIn(this.browser, look);
    await this.asCustomer(page, 'bob');
    await page.goto(`${this.urls['page-delivery']}/me`);
    await page.locator('my-vouchers li').first().waitFor();
    await page.screenshot({ path: file('me'), fullPage: true });
    await page.locator('my-vouchers li button').first().click();
    await page.locator('my-vouchers dialog svg').waitFor();
    await page.screenshot({ path: file('till') });
    await page.context().close();
  }

  /** Takes the part of a screen that is visible at once, `from` its top or from an element on. */
  async takeOne(screen: string, look: Look, height: number, from: string | undefined, path: string): Promise<void> {
    mkdirSync(dirname(path), { recursive: true });
    const page = await openIn(this.browser, look, height);
    if (screen === 'widget') await this.asCustomer(page, 'alice');
    else {
      await signInToConsole(page, this.urls.config);
      await visit(page, this.addresses[screen]!);
      if (from) await page.locator(from).evaluate((element) => element.scrollIntoView());
    }
    await page.screenshot({ path });
    await page.context().close();
  }

  /** Signs in on the hosted page. `onTheWay` runs on the issuer's page. */
  private async asCustomer(page: Page, sub: string, onTheWay?: () => Promise<unknown>): Promise<void> {
    await page.goto(`${this.urls['page-delivery']}/p/${this.slug}`);
    await page.getByRole('button', { name: /登录|Sign in/ }).click();
    const identity = page.locator(`button[name=sub][value=${sub}]`);
    await identity.waitFor();
    await onTheWay?.();
    await identity.click();
    await page.locator('voucher-claim [part=button]').first().waitFor();
  }
}

/** Opens a screen and waits for its lazily loaded parts. Throws if it has no heading, since it then failed. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'load' });
  await page.locator('main h1').first().waitFor();
  await page.locator('main .placeholder').first().waitFor({ state: 'detached' });
  await page.evaluate(stillness(700, 5_000));
}

/** Script for the page: waits until no element was added or removed for a while. Ticking clocks do not count. */
const stillness = (forMs: number, atMostMs: number): string => `new Promise((resolve) => {
  const end = () => (watch.disconnect(), resolve());
  let timer = setTimeout(end, ${forMs});
  const watch = new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(end, ${forMs});
  });
  watch.observe(document.body, { childList: true, subtree: true });
  setTimeout(end, ${atMostMs});
})`;

/** A page of a browser profile of its own, in a look. Close its context when it is no longer needed. */
export async function openIn(
  browser: Browser,
  { width, language, scheme }: Look,
  height = width === 390 ? 844 : 900,
): Promise<Page> {
  const context = await browser.newContext({
    locale: language,
    colorScheme: scheme,
    timezoneId: 'Asia/Shanghai',
    viewport: { width, height },
    reducedMotion: 'reduce',
  });
  return context.newPage();
}
