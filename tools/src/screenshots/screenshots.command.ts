// The pictures of the surfaces: README's few, or every screen in both widths, languages and themes.
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SCOPES } from '@vouchers/contracts';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../infrastructure/chromium.ts';
import { ROOT } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { startPlatform } from '../services/platform.ts';
import type { Services } from '../services/services.ts';
import { consoleRoutes, signInToConsole } from './console-routes.ts';
import { makeScene, type Scene } from './scene.ts';

/** A look: how wide, in which language, in which colours. */
interface Look {
  readonly width: 1440 | 390;
  readonly language: 'zh-CN' | 'en';
  readonly scheme: 'light' | 'dark';
}

const LOOKS: readonly Look[] = ([1440, 390] as const).flatMap((width) =>
  (['zh-CN', 'en'] as const).flatMap((language) =>
    (['light', 'dark'] as const).map((scheme) => ({ width, language, scheme })),
  ),
);

/** README's: a screen, its look and the part that is seen. */
const PICTURES = [
  { name: 'console-detail', screen: 'detail', look: { width: 1440, language: 'en', scheme: 'light' }, height: 900 },
  { name: 'console-editor', screen: 'editor', look: { width: 1440, language: 'en', scheme: 'dark' }, height: 900 },
  { name: 'claim-widget', screen: 'widget', look: { width: 390, language: 'zh-CN', scheme: 'light' }, height: 560 },
] as const;
/** Of each of README's. */
const MOST_BYTES = 150_000;

/**
 * `npm run screenshots`: README's pictures into docs/pictures. `npm run screenshots -- all <folder>`: every screen.
 * Both on a platform of its own, which begins with nothing.
 */
export async function run([which, folder]: string[], lifetime: Lifetime): Promise<number> {
  const { services, signToken } = await startPlatform(lifetime, {
    folder: 'screenshots',
    namespace: 'screenshots',
    empty: true,
    say: console.log,
  });
  const scene = await makeScene(
    services.urls,
    await signToken({ sub: 'staff', scope: SCOPES.join(' ') }),
    lifetime.signal,
  );
  const browser = await startBrowser();
  lifetime.defer(() => browser.close());
  const studio = new Studio(browser, services.urls, scene);
  if (which === 'all') {
    const into = resolve(folder ?? join(ROOT, '.data', 'screenshots', 'pictures'));
    for (const look of LOOKS) console.log(`${await studio.takeAll(look, into)} pictures of ${Object.values(look)}`);
    console.log(`in ${into}`);
    return 0;
  }
  const large: string[] = [];
  for (const { name, screen, look, height } of PICTURES) {
    const file = join(ROOT, 'docs', 'pictures', `${name}.png`);
    await studio.takeOne(screen, look, height, file);
    if (statSync(file).size >= MOST_BYTES)
      large.push(`${file} has ${statSync(file).size} bytes, more than ${MOST_BYTES}`);
  }
  for (const line of large) console.error(line);
  return large.length > 0 ? 1 : 0;
}

/** Takes the pictures: each look in a browser profile of its own, signed in once. */
class Studio {
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

  /** Every screen from top to bottom. Gives how many. */
  async takeAll(look: Look, into: string): Promise<number> {
    mkdirSync(into, { recursive: true });
    const file = (screen: string) => join(into, `${[screen, ...Object.values(look)].join('-')}.png`);
    const page = await this.profile(look);
    await signInToConsole(page, this.urls.config);
    for (const [screen, address] of Object.entries(this.addresses)) {
      await visit(page, address);
      await page.screenshot({ path: file(screen), fullPage: true });
    }
    await this.asCustomer(page);
    await page.screenshot({ path: file('widget'), fullPage: true });
    await page.context().close();
    return Object.keys(this.addresses).length + 1;
  }

  /** The upper part of one screen. */
  async takeOne(screen: string, look: Look, height: number, path: string): Promise<void> {
    mkdirSync(dirname(path), { recursive: true });
    const page = await this.profile(look, height);
    if (screen === 'widget') await this.asCustomer(page);
    else {
      await signInToConsole(page, this.urls.config);
      await visit(page, this.addresses[screen]!);
    }
    await page.screenshot({ path });
    await page.context().close();
  }

  private async profile({ width, language, scheme }: Look, height = width === 390 ? 844 : 900): Promise<Page> {
    const context = await this.browser.newContext({
      locale: language,
      colorScheme: scheme,
      timezoneId: 'Asia/Shanghai',
      viewport: { width, height },
      reducedMotion: 'reduce',
    });
    return context.newPage();
  }

  private async asCustomer(page: Page): Promise<void> {
    await page.goto(`${this.urls['page-delivery']}/p/${this.slug}`);
    await page.getByRole('button', { name: /登录|Sign in/ }).click();
    await page.locator('button[name=sub][value=alice]').click();
    await page.locator('voucher-claim [part=button]').first().waitFor();
  }
}

/** Waits until what is loaded lazily is there and nothing moves. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'networkidle', timeout: 5_000 }).catch(() => undefined); // streams never end
  await page.locator('main h1, main h2, main h3').first().waitFor();
  await page.locator('main .placeholder').first().waitFor({ state: 'detached' });
}
