// Measures a page on a slow line and a slow processor: LCP, CLS and INP, as web vitals define them.
import type { Page } from 'playwright-core';

/** Units: milliseconds; `cls` has none. */
export interface Vitals {
  lcp: number;
  /** The element that was painted then: its tag, its class and the beginning of its text. */
  largest: string;
  cls: number;
  inp: number;
}

/** Unit: bytes per second. */
const SLOW_4G = (1.6 * 1024 * 1024) / 8;

/** Throttles a tab (1.6 Mbit/s, 150 ms, a quarter of the CPU), empties its cache, and measures from the next load. */
export async function throttle(page: Page): Promise<void> {
  await page.addInitScript(countVitals);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.clearBrowserCache');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: SLOW_4G,
    uploadThroughput: SLOW_4G / 2,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** Returns the values measured since the load, and prints them. */
export async function vitalsOf(page: Page, what: string): Promise<Vitals> {
  const seen = await page.evaluate(() => (window as unknown as { vitals: Vitals }).vitals);
  const [lcp, inp] = [seen.lcp.toFixed(), seen.inp.toFixed()];
  console.log(`${what}, slow 4G, CPU / 4: LCP ${lcp} ms (${seen.largest}), CLS ${seen.cls.toFixed(3)}, INP ${inp} ms`);
  return seen;
}

function countVitals(): void {
  const vitals = { lcp: 0, largest: '', cls: 0, inp: 0 };
  Object.assign(window, { vitals });
  const observe = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
      durationThreshold: 16,
    } as PerformanceObserverInit);
  observe('largest-contentful-paint', (entry) => {
    const { startTime, element } = entry as PerformanceEntry & { element: Element | null };
    vitals.lcp = startTime;
    vitals.largest = `${element?.localName}.${element?.className}: ${element?.textContent?.trim().slice(0, 40)}`;
  });
  observe('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (!hadRecentInput) vitals.cls += value;
  });
  observe('event', ({ duration }) => (vitals.inp = Math.max(vitals.inp, duration)));
}
