// The console in a browser, as staff use it: services with the local issuer, a kept sign-in, counted clicks.
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { databaseUrl, brokers, uniqueNamespace, type TestServices } from '@vouchers/testing';
import {
  createSigningKey,
  freePorts,
  makeScene,
  signInToConsole,
  signToken,
  startBrowser,
  originsAt,
  startIssuer,
  startServices,
  type Scene,
} from '@vouchers/tools';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { ACTING, STAFF } from '../requests.ts';

type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>;

/** Services, an issuer with its sign-in page, a browser and some vouchers to look at. */
export interface RunningConsole {
  readonly services: TestServices;
  readonly browser: Browser;
  readonly scene: Scene;
  /** A token of the staff. */
  readonly token: string;
  /** The parameters of the sign-in's request to the issuer. */
  readonly asked: URLSearchParams;
  /** Opens a browser profile of its own, signed in as the publisher. `closeTabs` closes it. */
  tab(options?: BrowserContextOptions): Promise<Tab>;
  /** Opens an address in a new profile, or in the given one. */
  at(path: string, own?: Tab): Promise<Tab>;
  readonly tabs: readonly Tab[];
  /** Closes all profiles. @returns the faults that any of them had. */
  closeTabs(): Promise<string[]>;
  close(): Promise<void>;
}

/** One tab of one profile. */
export interface Tab {
  readonly page: Page;
  /** Violations of the page's policy, and errors of scripts. */
  readonly faults: string[];
  /** Number of pointer presses. */
  clicks: number;
  /** The monotonic time at which the task began: when the last page was opened. Unit: milliseconds. */
  beganMs: number;
  click(target: Locator): Promise<void>;
  open(path: string): Promise<void>;
  /** Opens another tab of the same profile. */
  beside(path: string): Promise<Page>;
  close(): Promise<void>;
}

/**
 * A task was done within these limits, and prints what it took. The time is a script's, so it holds what the screens
 * themselves take.
 */
export function expectWithin({ clicks, beganMs }: Tab, limit: { clicks: number; seconds: number }): void {
  const seconds = (performance.now() - beganMs) / 1_000;
  const task = expect.getState().currentTestName;
  console.log(`${task}: ${clicks} of ${limit.clicks} clicks, ${seconds.toFixed(1)} of ${limit.seconds} s`);
  expect({ clicks, seconds, isWithin: clicks <= limit.clicks && seconds <= limit.seconds }).toMatchObject({
    isWithin: true,
  });
}

/**
 * Opens the console before a spec's first test and closes it after the last one. After each test its tabs are closed,
 * unless the spec keeps them, and none of them may have had a fault.
 * @param begin takes the console, before the first test
 */
export function useConsole(
  begin: (opened: RunningConsole) => unknown,
  { keepTabs = false }: { keepTabs?: boolean } = {},
): void {
  let running: RunningConsole | undefined;
  beforeAll(async () => {
    running = await openConsole();
    await begin(running);
  }, 120_000);
  afterAll(() => running?.close());
  afterEach(async () => {
    const faults = keepTabs ? running?.tabs.flatMap((tab) => tab.faults.splice(0)) : await running?.closeTabs();
    expect(faults).toEqual([]);
  });
}

/** Starts everything, which takes about ten seconds. If a step fails, closes what is open. */
async function openConsole(): Promise<RunningConsole> {
  const open = new AsyncDisposableStack();
  try {
    return await startEverything(open);
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

async function startEverything(open: AsyncDisposableStack): Promise<RunningConsole> {
  const key = await createSigningKey();
  const [issuerPort, config, pageDelivery, ledger] = (await freePorts(4)) as [number, number, number, number];
  const ports = { config, 'page-delivery': pageDelivery, ledger };
  const issuer = await startIssuer({ port: issuerPort, key, origins: originsAt(ports) });
  open.defer(() => issuer.stop());
  const namespace = uniqueNamespace();
  const started = await startServices({
    databaseUrl: databaseUrl(),
    brokers: brokers().join(','),
    issuerUrl: issuer.url,
    client: issuer.client,
    namespace,
    ports,
  });
  open.defer(() => started.stop());
  const sign: TestServices['signToken'] = (claims) => signToken(key, { sub: 'alice', issuer: issuer.url, ...claims });
  const services: TestServices = {
    ...started,
    namespace,
    signToken: sign,
    issuer: { url: issuer.url, signToken: sign, stop: () => issuer.stop() },
  };
  const token = await sign({ sub: 'scene', scope: `${STAFF} ${ACTING}` });
  const browser = await startBrowser();
  open.defer(() => browser.close());
  const scene = await makeScene(services.urls, token);
  const { state, asked } = await signedIn(browser, services.urls.config);
  const tabs: Tab[] = [];
  const tab: RunningConsole['tab'] = async (options) => {
    const opened = await tabOf(browser, services.urls.config, { storageState: state, ...options });
    tabs.push(opened);
    return opened;
  };
  return {
    services,
    browser,
    scene,
    token,
    asked,
    tab,
    tabs,
    at: async (path, own) => {
      const opened = own ?? (await tab());
      await opened.open(path);
      return opened;
    },
    closeTabs: async () => {
      const closing = tabs.splice(0);
      for (const { close } of closing) await close();
      return closing.flatMap(({ faults }) => faults);
    },
    close: () => open.disposeAsync(),
  };
}

/** Signs in once, and keeps the profile's state for the tests. */
async function signedIn(browser: Browser, url: string): Promise<{ state: StorageState; asked: URLSearchParams }> {
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  let asked = new URLSearchParams();
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/auth') asked = searchParams;
  });
  await signInToConsole(page, url);
  const state = await context.storageState();
  await context.close();
  return { state, asked };
}

async function tabOf(browser: Browser, url: string, options: BrowserContextOptions): Promise<Tab> {
  const context = await browser.newContext({
    locale: 'en',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const faults: string[] = [];
  context.on('weberror', (error) => faults.push(error.error().message));
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  const show = async (tab: Page, path: string): Promise<Page> => {
    await tab.goto(url + path);
    await tab.locator('main h1, main h2').first().waitFor();
    return tab;
  };
  const page = await context.newPage();
  const tab: Tab = {
    page,
    faults,
    clicks: 0,
    beganMs: performance.now(),
    click: async (target) => {
      await target.click();
      tab.clicks++;
    },
    open: async (path) => {
      await show(page, path);
      tab.beganMs = performance.now();
    },
    beside: async (path) => show(await context.newPage(), path),
    close: () => context.close(),
  };
  return tab;
}
