// Checks every screen of the console with axe, in each language and theme. No policy may be violated on the way.
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { consoleRoutes, type Scene } from '@vouchers/tools';
import type { Page } from 'playwright-core';
import { axeFaults, type Rules } from './axe.ts';
import { useConsole, type Tab, type RunningConsole } from './console.ts';

let running: RunningConsole;
let tab: Tab;
useConsole(
  async (opened) => {
    running = opened;
    tab = await running.tab({ colorScheme: 'light' });
  },
  { keepTabs: true },
);

/** Languages and themes: all rules once, then in each other look the rules whose result may change. */
const LOOKS: readonly [language: string, theme: string, rules: Rules][] = [
  ['English', 'light', 'all'],
  ['English', 'dark', 'colours'],
  ['中文', 'dark', 'words and colours'],
  ['中文', 'light', 'colours'],
];

describe('axe finds no serious fault', () => {
  const screens = Object.keys(consoleRoutes({} as Scene));

  it.each(screens)(
    'on the screen %s in any language and theme',
    async (screen) => {
      const { page } = tab;
      await tab.open(consoleRoutes(running.scene)[screen]!);
      const found: Record<string, unknown> = {};
      for (const [language, theme, rules] of LOOKS) {
        await choose(page, language, theme);
        found[`${language}, ${theme}`] = await axeFaults(page, rules);
      }
      expect(found).toEqual(Object.fromEntries(LOOKS.map(([language, theme]) => [`${language}, ${theme}`, []])));
    },
    60_000,
  );

  const button = (page: Page, name: RegExp) => page.getByRole('button', { name }).first().click();
  const detail = ({ voucherId }: Scene): string => `/vouchers/${voucherId}`;
  const list = (): string => '/vouchers';

  it.each<[what: string, path: (scene: Scene) => string, show: (page: Page) => Promise<void>]>([
    ['the question before a pause', list, (page) => button(page, /^Pause /)],
    ['the field for an id', list, (page) => page.keyboard.press('Control+k')],
    ['the inspector', detail, (page) => page.locator('.timeline').getByRole('link').first().click()],
    [
      'the review',
      () => '/vouchers/new',
      async (page) => {
        await page.locator('#field-name').fill('A name');
        await page.keyboard.press('Control+s');
      },
    ],
    ['the question before a termination', detail, (page) => button(page, /^Terminate/)],
    ['the choice of a page', detail, (page) => button(page, /^Add to a page/)],
    ['the question before a revocation', ({ claimId }) => `/claims/${claimId}`, (page) => button(page, /^Revoke/)],
    ['the question before a page is deleted', ({ slug }) => `/pages/${slug}`, (page) => button(page, /^Delete/)],
    [
      'the end of several, above the list with its chosen rows',
      list,
      async (page) => {
        await page.locator('.voucher-body [role=row] input[type=checkbox]').first().check();
        await button(page, /^Extend/);
      },
    ],
    ['the name of a view', () => '/vouchers?state=enabled', (page) => button(page, /^Save/)],
  ])(
    'in %s in either theme',
    async (_what, path, show) => {
      const { page } = tab;
      for (const theme of ['light', 'dark']) {
        await tab.open(path(running.scene));
        await choose(page, 'English', theme);
        await show(page);
        await page.getByRole('dialog').waitFor();
        await settled(page);
        expect([theme, await axeFaults(page)]).toEqual([theme, []]);
      }
    },
    60_000,
  );

  it('in the editor with all of its sections open, in either theme', async () => {
    const { page } = tab;
    for (const theme of ['light', 'dark']) {
      await tab.open('/vouchers/new');
      await choose(page, 'English', theme);
      await page.locator('#advanced > summary').click();
      await page.locator('#pool').waitFor();
      // Old results are grey while new ones are on their way.
      await page.waitForFunction(() => !document.querySelector('.trial-old'));
      await settled(page);
      expect([theme, await axeFaults(page)]).toEqual([theme, []]);
    }
  }, 60_000);

  it('before the sign-in, and at an unknown address', async () => {
    const { page } = tab;
    for (const path of ['/sign-in', '/vouchers/nothing']) {
      await page.goto(running.services.urls.config + path);
      await page.locator('main :is(h1, strong)').first().waitFor();
      for (const theme of ['light', 'dark']) {
        await choose(page, 'English', theme);
        expect([path, theme, await axeFaults(page)]).toEqual([path, theme, []]);
      }
    }
    await page.goto(`${running.services.urls.config}/vouchers/nothing/nowhere`);
    await page.getByText('This address leads nowhere').waitFor();
    expect(await axeFaults(page)).toEqual([]);
  });
});

it('a violated policy is noticed', async () => {
  await tab.page.evaluate(() =>
    document.head.append(Object.assign(document.createElement('style'), { textContent: 'p{}' })),
  );
  await eventually('it is told', () => tab.faults.length > 0);
  expect(tab.faults.splice(0)).toEqual([expect.stringContaining('style-src')]);
});

/** Sets language and theme on the open page. */
async function choose(page: Page, language: string, theme: string): Promise<void> {
  await page.locator('.languages').getByText(language, { exact: true }).first().click();
  const other = page.getByRole('button', {
    name: theme === 'light' ? /^(Light colours|浅色)$/ : /^(Dark colours|深色)$/,
  });
  if (await other.count()) await other.click();
  await page.waitForFunction(
    ([tag, scheme]) =>
      document.documentElement.lang.startsWith(tag!) && document.documentElement.style.colorScheme === scheme,
    [language === 'English' ? 'en' : 'zh', theme],
  );
  await settled(page);
}

/** Waits until nothing loads or fades. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('main .placeholder, main .trial-old'));
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}
