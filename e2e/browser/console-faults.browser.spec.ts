// Faults that people found in the console by hand, each with the screen on which it was seen.
import { describe, expect, it } from '@jest/globals';
import type { Voucher } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { consoleRoutes } from '@vouchers/tools';
import type { Locator, Page } from 'playwright-core';
import { Actor } from '../actor.ts';
import { publishedVoucher } from '../requests.ts';
import { useConsole, type RunningConsole, type Tab } from './console.ts';
import { muteStreams } from './disturbances.ts';
import { pageOf } from './hosted-page.ts';
import { focusedName } from './keyboard.ts';

let running: RunningConsole;
useConsole((opened) => (running = opened));

const at = (path: string): Promise<Tab> => running.at(path);
const published = (spec: Parameters<typeof publishedVoucher>[2] = {}): Promise<Voucher> =>
  publishedVoucher(running.services, running.token, spec);
/** The pixels by which the content of an element is wider than the element. */
const beyond = (element: Locator): Promise<number> =>
  element.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
/** Elements that reach beyond the right edge of the page. */
const beyondThePage = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const all = [...document.querySelectorAll('main *, header *')];
    return all
      .filter((one) => one.getBoundingClientRect().right > clientWidth)
      .map(({ outerHTML }) => outerHTML.slice(0, 200));
  });
const hasFocus = (field: Locator): Promise<boolean> => field.evaluate((one) => one === document.activeElement);

/** Replaces parts of the JSON answers at an address. */
async function rewrite(page: Page, address: RegExp, change: (text: string) => string): Promise<void> {
  await page.route(address, async (route) => {
    try {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    } catch {
      // The tab was closed meanwhile.
    }
  });
}

describe('the editor', () => {
  it('names the checks of its test by what they check, so that "passed" is never read backwards', async () => {
    const { id } = await published({ nodes: { claim: { when: 'user.tier == "gold"' } } });
    const { page } = await at(`/vouchers/${id}/edit`);
    await page
      .locator('#nodes table')
      .getByRole('button', { name: /granted/ })
      .first()
      .click();
    const checks = page.getByRole('dialog').locator('.trial-checks li');
    await checks.first().waitFor();
    const shown = await checks.allInnerTexts();
    expect(shown).toEqual(expect.arrayContaining(['Not paused passed', 'Claim rule met passed']));
    expect(shown.join()).not.toContain('Paused by staff');
  });

  it('warns of an attribute that is not listed', async () => {
    const { id } = await published();
    const { page } = await at(`/vouchers/${id}/edit`);
    await page.getByLabel('CEL condition of the Claim node').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('user.teir == "gold"');
    await page.getByText('Not a listed attribute: user.teir').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('user.tier == "gold"');
    await page.getByText('valid', { exact: true }).waitFor();
    expect(await page.getByText('Not a listed attribute').count()).toBe(0);
  });

  it('has lengths of time as a number and a unit', async () => {
    const { id } = await published({
      windows: {
        timeZone: 'UTC',
        valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' },
        use: { afterClaim: { delay: 'PT12H', length: 'P7D' } },
      },
    });
    const tab = await at(`/vouchers/${id}/edit`);
    const length = tab.page.locator('#field-windows-use-afterClaim-length');
    expect(await length.inputValue()).toBe('7');
    expect(await tab.page.locator('#field-windows-use-afterClaim-delay').inputValue()).toBe('12');
    await tab.page.locator('.duration', { has: length }).getByText('days', { exact: true }).waitFor();
    await tab.open(`/vouchers/${id}`);
    await tab.page.locator('.settings').getByText('7 days, 12 hours after claim').waitFor();
    expect(await tab.page.locator('.settings').innerText()).not.toMatch(/P7D|PT12H/);
  });

  it.each([1440, 1280, 390])('shows all hours of the week at %i px', async (width) => {
    const { id } = await published();
    const { page } = await at(`/vouchers/${id}/edit`);
    await page.setViewportSize({ width, height: 900 });
    await page.getByText('Only at certain hours').first().click();
    const grid = page.getByRole('grid').first();
    await grid.waitFor();
    expect(await beyond(grid.locator('xpath=..'))).toBe(0);
    const last = (await grid.locator('[data-cell="0-23"]').boundingBox())!;
    const whole = (await grid.boundingBox())!;
    expect(last.width).toBeGreaterThan(4);
    expect(last.x + last.width).toBeLessThanOrEqual(whole.x + whole.width + 1);
  });
});

describe('the editor of a page', () => {
  it('keeps its edits over a visit to another screen and over a reload', async () => {
    const { slug } = await pageOf(running.services, [{}], 'Kept page');
    const { page } = await at(`/pages/${slug}`);
    const title = page.getByLabel('Title');
    await title.fill('Kept page, changed');
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Activity' }).waitFor();
    await page.goBack();
    await title.waitFor();
    expect(await title.inputValue()).toBe('Kept page, changed');
    await page.reload();
    await title.waitFor();
    expect(await title.inputValue()).toBe('Kept page, changed');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Page saved').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Kept page, changed' }).waitFor();
  });

  it('adds by Enter the voucher that is called so, and not its newer copy', async () => {
    const { slug } = await pageOf(running.services, [{}]);
    await published({ name: 'Called so' });
    await published({ name: 'Called so (copy)' });
    const { page } = await at(`/pages/${slug}`);
    await page.getByRole('combobox', { name: 'Add a voucher' }).click();
    await page.keyboard.type('Called so');
    await page.locator('.ant-select-item-option', { hasText: 'Called so (copy)' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.page-voucher-name a', { hasText: /^Called so$/ }).waitFor();
  });
});

describe('a claim', () => {
  it('tells who revoked it, and why', async () => {
    const { id } = await published();
    const actor = await Actor.of(running.services, 'Rosa Rossi');
    const { body: claim } = await actor.claim(id, { user: 'revoked-one' });
    expect((await actor.revoke(claim.id, {})).status).toBe(200);
    const { page } = await at(`/claims/${claim.id}`);
    await page
      .locator('p', { hasText: 'claim revoked' })
      .getByText(/by Rosa Rossi, team/)
      .waitFor();
    await page.locator('p', { hasText: 'claim revoked' }).getByText('a mistake').waitFor();
    await page.getByRole('cell', { name: /by Rosa Rossi/ }).waitFor();
  });
});

describe('a voucher without a visible name', () => {
  it('has a link in each list, and a name where it is chosen', async () => {
    const { id } = await published({ name: 'Nameless', labels: { only: 'nameless' }, quantities: { claim: 1 } });
    const { slug } = await pageOf(running.services, [{}]);
    const tab = await running.tab();
    const { page } = tab;
    await rewrite(page, /\/v1\/(?!.*\/stream)/, (text) => text.replaceAll('"name":"Nameless"', '"name":" "'));
    for (const path of [
      '/vouchers?search=Nameless',
      '/labels/only:nameless',
      '/vouchers?label=only:nameless&sort=name',
    ]) {
      await tab.open(path);
      const link = page.locator(`.voucher-name a[href="/vouchers/${id}"]`);
      await link.waitFor();
      expect([path, await link.innerText()]).toEqual([path, '(no name)']);
    }
    await page.getByRole('button', { name: 'Pause (no name)' }).waitFor();
    await tab.open(`/vouchers/${id}`);
    await page.getByRole('heading', { level: 1, name: '(no name)' }).waitFor();
    await tab.open(`/pages/${slug}`);
    await page.getByRole('combobox', { name: 'Add a voucher' }).click();
    await page.keyboard.type('Nameless');
    await page.locator('.ant-select-item-option', { hasText: '(no name)' }).waitFor();
  });
});

describe('the overview', () => {
  it('asks again for what failed: a past moment for its own counters and settings', async () => {
    const tab = await running.tab();
    const { page } = tab;
    const asked: string[] = [];
    let away = true;
    await page.route(/\/(counters|events|versions\/\d+)\?|\/versions\/\d+$/, (route) => {
      asked.push(new URL(route.request().url()).pathname);
      return away ? route.fulfill({ status: 500, body: '{}' }) : route.fallback();
    });
    await page.goto(
      `${running.services.urls.config}/vouchers/${running.scene.voucherId}?at=${new Date().toISOString()}`,
    );
    await page.getByRole('button', { name: 'Try again' }).first().waitFor();
    away = false;
    asked.length = 0;
    await eventually('nothing is left to try again', async () => {
      const again = page.getByRole('button', { name: 'Try again' });
      if ((await again.count()) > 0) await again.first().click();
      return (await again.count()) === 0 && (await page.locator('.units-legend').count()) === 1;
    });
    expect(asked.some((path) => path.endsWith('/counters'))).toBe(true);
  });

  it('tells of a silent stream when it last heard, and not when something last happened', async () => {
    const tab = await running.tab();
    const { page } = tab;
    const streams = await muteStreams(page);
    const AHEAD_MS = 120_000;
    await page.clock.install({ time: Date.now() + AHEAD_MS });
    await tab.open(`/vouchers/${running.scene.voucherId}`);
    await page.locator('.live-mark.live').waitFor();
    const heardFrom = Date.now() + AHEAD_MS - 20_000;
    await streams.mute();
    await page.clock.runFor(11_000);
    await page.locator('.live-mark.stale').waitFor();
    const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d)/.exec(await page.locator('.live-mark').innerText())!;
    const told = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
    const day = 86_400_000;
    const since = (told - ((heardFrom + 8 * 3_600_000) % day) + day) % day; // in Asia/Shanghai
    expect(since).toBeLessThan(60_000);
  });

  it('has its lines as a table, too', async () => {
    const { page } = await at(`/vouchers/${running.scene.voucherId}`);
    const panel = page.locator('section.panel', { has: page.getByRole('heading', { name: 'Over time' }) });
    await panel.getByRole('button', { name: 'Show as table' }).click();
    const table = panel.getByRole('table');
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
      'When (Asia/Shanghai)',
      'Pushed',
      'Claimed',
      'Redeemed',
    ]);
    expect(await table.getByRole('row').count()).toBeGreaterThan(1);
  });

  it('gives each state of a unit a colour of its own, in either theme', async () => {
    const tab = await running.tab({ colorScheme: 'dark' });
    await tab.open(`/vouchers/${running.scene.voucherId}`);
    const { page } = tab;
    for (const theme of ['dark', 'light']) {
      const swatches = page.locator('.units-legend li > span:first-child');
      await swatches.first().waitFor();
      const colours = await swatches.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
      expect([theme, new Set(colours).size]).toEqual([theme, 6]);
      if (theme === 'dark') await page.getByRole('button', { name: 'Light colours' }).click();
    }
  });

  it('compares each count of the proof, or says where it is compared', async () => {
    const { page } = await at(`/vouchers/${running.scene.voucherId}/proof`);
    await page.getByText('The equation holds').waitFor();
    const verdicts = await page.locator('.scrolls.narrow tbody td:last-child').allInnerTexts();
    expect(verdicts.length).toBeGreaterThan(6);
    expect(verdicts.filter((verdict) => verdict.trim() === '')).toEqual([]);
  });

  it('keeps the disabled button of a termination legible', async () => {
    const tab = await running.tab({ colorScheme: 'light' });
    await tab.open(`/vouchers/${running.scene.voucherId}`);
    const { page } = tab;
    for (const theme of ['light', 'dark']) {
      await page.getByRole('button', { name: 'Terminate' }).click();
      const button = page.getByRole('dialog').getByRole('button', { name: 'Terminate' });
      expect(await button.isDisabled()).toBe(true);
      const [text, ground] = await button.evaluate((one) => {
        const { color, backgroundColor } = getComputedStyle(one);
        return [color, backgroundColor];
      });
      expect([theme, contrast(text!, ground!) >= 4.5]).toEqual([theme, true]);
      await page.keyboard.press('Escape');
      if (theme === 'light') await page.getByRole('button', { name: 'Dark colours' }).click();
    }
  });
});

describe('the charts', () => {
  const panelOf = (page: Page, title: string) =>
    page.locator('section.panel', { has: page.getByRole('heading', { name: title }) });

  it('of a voucher tell when it is claimed and used, and what lies idle, each as a table, too', async () => {
    const { page } = await at(`/vouchers/${running.scene.voucherId}`);
    await page.getByRole('link', { name: 'Patterns' }).click();
    await page.getByText(/^Half of the uses came within/).waitFor();
    const columns: Record<string, string[]> = {
      'Units that lie idle': ['When (Asia/Shanghai)', 'Free', 'Held'],
      'By day and hour': ['Hour', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    };
    for (const [title, names] of Object.entries(columns)) {
      const panel = panelOf(page, title);
      await panel.getByRole('button', { name: 'Show as table' }).click();
      expect(await panel.getByRole('columnheader').allInnerTexts()).toEqual(names);
    }
    const { claimed } = (await (await Actor.of(running.services)).counters(running.scene.voucherId)).body;
    const sums = await panelOf(page, 'By day and hour')
      .getByRole('row', { name: /^All/ })
      .getByRole('cell')
      .allInnerTexts();
    expect(sums.reduce((sum, text) => sum + Number(text), 0)).toBe(claimed);
  });

  it('of a campaign add up its vouchers over time', async () => {
    const { page } = await at(`/labels/${running.scene.label}`);
    const trend = panelOf(page, 'Trend');
    await trend.getByRole('button', { name: 'Show as table' }).click();
    const newest = trend.getByRole('row').nth(1).getByRole('cell');
    const { claimed } = (await (await Actor.of(running.services)).counters(running.scene.voucherId)).body;
    expect(await newest.nth(1).innerText()).toBe(String(claimed));
  });
});

it('no screen is wider than a telephone', async () => {
  const tab = await running.tab({ viewport: { width: 390, height: 844 } });
  for (const [screen, path] of Object.entries(consoleRoutes(running.scene))) {
    await tab.open(path);
    await tab.page.waitForFunction(() => !document.querySelector('main .placeholder'));
    expect([screen, await beyondThePage(tab.page)]).toEqual([screen, []]);
  }
}, 60_000);

describe('large numbers', () => {
  it('of 8 digits at 1440 px and 16 digits at 390 px stay in their places', async () => {
    for (const [width, number] of [
      [1440, '98765432'],
      [390, '9007199254740991'],
    ] as const) {
      const tab = await running.tab({ viewport: { width, height: 900 } });
      const { page } = tab;
      await rewrite(page, /\/v1\/(counters|labels|vouchers\/[^/]+\/counters)\?/, (text) =>
        text.replace(/"(pushed|claimed|redeemed|free|held|used|locked|retired)":\d+/g, `"$1":${number}`),
      );
      const voucher = `/vouchers/${running.scene.voucherId}?at=${new Date().toISOString()}`;
      for (const [path, places] of [
        ['/vouchers', '.voucher-body [role=cell]'],
        [voucher, '.overview .panel'],
        [`/labels/${running.scene.label}`, '.panel'],
        ['/campaigns', 'main .stack'],
      ] as const) {
        await tab.open(path);
        await page.locator('main').getByText(Number(number).toLocaleString('en')).first().waitFor();
        const wide = await page
          .locator(places)
          .evaluateAll((all) =>
            all
              .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
              .map(({ outerHTML }) => outerHTML.slice(0, 300)),
          );
        expect([width, path, wide]).toEqual([width, path, []]);
        expect([width, path, await beyondThePage(page)]).toEqual([width, path, []]);
      }
    }
  });
});

describe('the list', () => {
  it('suggests labels, and its search looks into labels and descriptions', async () => {
    const { page } = await at('/vouchers?search=满100');
    await page.getByRole('link', { name: '满100减20', exact: true }).first().waitFor();
    await eventually('labels are suggested', async () => {
      const offered = await page
        .locator('datalist option')
        .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
      return offered.includes('campaign:autumn') && offered.includes('channel:app');
    });
    const search = page.getByRole('searchbox', { name: 'Search by name, label or id' });
    for (const text of ['Gold and VIP members', 'autumn']) {
      await search.fill(text);
      await page.waitForURL((url) => url.searchParams.get('search') === text);
      await page.getByRole('link', { name: '满100减20', exact: true }).first().waitFor();
    }
  });

  it('and other screens take the focus that a followed link leaves behind', async () => {
    const { page } = await at('/vouchers?search=满100');
    await page.getByRole('link', { name: '满100减20', exact: true }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Latest events' }).waitFor();
    await eventually('the content has the focus', () => hasFocus(page.locator('main')));
    await page.keyboard.press('Tab');
    expect(await focusedName(page)).not.toBe('Skip to content');
  });
});

/** The contrast of two colours in the form `rgb(…)`, as WCAG defines it. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/[\d.]+/g)].map(([part]) => {
      const share = Number(part) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
