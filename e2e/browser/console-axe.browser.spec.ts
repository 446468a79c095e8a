// Every screen of the console in each language and theme, by axe.
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consoleRoutes } from '@vouchers/tools';
import { openOffice, type Desk, type Office } from './console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 120_000);
afterAll(() => office?.close());

const LOOKS = [
  ['English', 'light'],
  ['English', 'dark'],
  ['中文', 'dark'],
  ['中文', 'light'],
] as const;

it('no screen has a serious fault, in any language or theme', async () => {
  const desk = await office.desk({ colorScheme: 'light' });
  const found: unknown[] = [];
  for (const [name, path] of Object.entries(consoleRoutes(office.scene))) {
    await desk.open(path).catch((error: Error) => {
      throw new Error(`${name} does not open: ${error.message}`);
    });
    for (const [language, theme] of LOOKS) {
      await choose(desk, language, theme);
      for (const fault of await faultsOf(desk)) found.push({ name, language, theme, ...fault });
    }
  }
  expect(found).toEqual([]);
  expect(desk.faults).toEqual([]);
  await desk.close();
}, 240_000);

/** Switches in place, and waits until nothing fades any more. */
async function choose({ page }: Desk, language: string, theme: string): Promise<void> {
  await page.locator('.frame-tools .ant-segmented').getByText(language, { exact: true }).click();
  const shown = () => page.evaluate(() => document.documentElement.style.colorScheme);
  if ((await shown()) !== theme)
    await page.getByRole('button', { name: /^(Light colours|Dark colours|浅色|深色)$/ }).click();
  await page.waitForFunction(
    ([tag, scheme]) =>
      document.documentElement.lang.startsWith(tag!) &&
      document.documentElement.style.colorScheme === scheme &&
      !document.querySelector('main .placeholder'),
    [language === 'English' ? 'en' : 'zh', theme],
  );
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}

async function faultsOf({ page }: Desk) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({
      id,
      nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => [html.slice(0, 300), failureSummary]),
    }));
}
