// Disturbances for the console: sessions that end, streams that fall silent.
import type { Page } from 'playwright-core';

/** A part of the session that oidc-client-ts stores. */
interface KeptSession {
  access_token: string;
  refresh_token: string;
  /** Unix time in seconds. */
  expires_at: number;
}

/** Changes the stored session, and tells this tab as if another tab had changed it. */
export const changeSession = (page: Page, change: Partial<KeptSession>): Promise<void> =>
  page.evaluate((changed) => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('oidc.user:'))!;
    const kept = JSON.parse(localStorage.getItem(key)!) as object;
    localStorage.setItem(key, JSON.stringify({ ...kept, ...changed }));
    dispatchEvent(new StorageEvent('storage', { key }));
  }, change);

export const keptSession = (page: Page): Promise<KeptSession> =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('oidc.user:'))!;
    return JSON.parse(localStorage.getItem(key)!) as KeptSession;
  });

/** Deletes the stored session. The tab notices only when it is loaded again. */
export const dropSession = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('oidc.')) localStorage.removeItem(key);
  });

/** Puts a gate into every event stream that the tab will open. A muted stream stays open and delivers nothing. */
export async function muteStreams(page: Page): Promise<{ mute(): Promise<void>; unmute(): Promise<void> }> {
  await page.addInitScript(() => {
    const gate = { muted: false };
    Object.assign(window, { gate });
    const { fetch } = window;
    window.fetch = async (...asked) => {
      const answer = await fetch(...asked);
      if (!answer.headers.get('content-type')?.startsWith('text/event-stream') || !answer.body) return answer;
      const passing = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, out) => {
          if (!gate.muted) out.enqueue(chunk);
        },
      });
      return new Response(answer.body.pipeThrough(passing), answer);
    };
  });
  const set = (muted: boolean) => page.evaluate((to) => Object.assign((window as never)['gate'], { muted: to }), muted);
  return { mute: () => set(true), unmute: () => set(false) };
}
