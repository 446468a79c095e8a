// Takes pictures of the surfaces: README's few, or every screen in three widths, languages and themes.
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SCOPES } from '@vouchers/contracts';
import { startBrowser } from '../infrastructure/chromium.ts';
import { ROOT } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { startPlatform } from '../services/platform.ts';
import { PoolStory } from './pool.story.ts';
import { makeScene } from './scene.ts';
import { LOOKS, Studio } from './studio.ts';
import { TillStory } from './till.story.ts';
import { WhatIfStory } from './what-if.story.ts';

/** The pictures in README: a screen, its look and the visible part. */
const PICTURES = [
  { name: 'console-detail', screen: 'detail', look: { width: 1440, language: 'en', scheme: 'light' }, height: 900 },
  {
    name: 'console-editor',
    screen: 'editor',
    look: { width: 1440, language: 'en', scheme: 'dark' },
    height: 900,
    from: '#nodes',
  },
  { name: 'claim-widget', screen: 'widget', look: { width: 390, language: 'zh-CN', scheme: 'light' }, height: 560 },
] as const;
/** The largest size of each of them. */
const MOST_BYTES = 150_000;

/**
 * `npm run screenshots`: README's pictures into docs/pictures. `npm run screenshots -- all <folder>`: every screen.
 * `npm run screenshots -- pool <folder>`: a waiting list, step by step. `npm run screenshots -- till <folder>`: the till of the
 * editor. Each uses a platform of its own, which is empty at first.
 */
export async function run([which, folder]: string[], lifetime: Lifetime): Promise<number> {
  const platform = await startPlatform(lifetime, {
    folder: 'screenshots',
    namespace: 'screenshots',
    empty: true,
    say: console.log,
  });
  const { services, signToken } = platform;
  const into = resolve(folder ?? join(ROOT, '.data', 'screenshots', 'pictures'));
  if (which === 'till' || which === 'what-if') {
    const browser = await startBrowser();
    lifetime.defer(() => browser.close());
    const story = new (which === 'till' ? TillStory : WhatIfStory)(platform, browser, into);
    console.log(`${await story.take()} pictures in ${into}`);
    return 0;
  }
  if (which === 'pool') {
    const browser = await startBrowser();
    lifetime.defer(() => browser.close());
    for (const language of ['zh-CN', 'en'] as const)
      console.log(`${await new PoolStory(platform, browser, language, into).take()} pictures in ${language}`);
    console.log(`in ${into}`);
    return 0;
  }
  const scene = await makeScene(
    services.urls,
    await signToken({ sub: 'staff', scope: SCOPES.join(' ') }),
    lifetime.signal,
  );
  const browser = await startBrowser();
  lifetime.defer(() => browser.close());
  const studio = new Studio(browser, services.urls, scene);
  if (which === 'all') {
    for (const look of LOOKS) console.log(`${await studio.takeAll(look, into)} pictures of ${Object.values(look)}`);
    console.log(`in ${into}`);
    return 0;
  }
  const large: string[] = [];
  for (const { name, screen, look, height, ...part } of PICTURES) {
    const file = join(ROOT, 'docs', 'pictures', `${name}.png`);
    await studio.takeOne(screen, look, height, 'from' in part ? part.from : undefined, file);
    if (statSync(file).size >= MOST_BYTES)
      large.push(`${file} has ${statSync(file).size} bytes, more than ${MOST_BYTES}`);
  }
  for (const line of large) console.error(line);
  return large.length > 0 ? 1 : 0;
}
