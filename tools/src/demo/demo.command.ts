import { join, resolve } from 'node:path';
import { ROOT } from '../places.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { startPlatform, type Platform } from '../services/platform.ts';
import { inBrowser, runningServices } from '../services/running.ts';
import { decideAgain } from './identity.ts';
import { readJourney } from './journey.ts';
import { runSeasons } from './pool.ts';
import { purchasesOf, readBaskets } from './purchases.ts';
import { SCOPES, type Access } from './replay.ts';
import { ask } from './service-calls.ts';
import { makeShowcase, sights } from './showcase.ts';
import { replayYear, type Say } from './year.ts';

/** The year that is replayed. */
const JOURNEY = join(ROOT, 'tools', 'complete-journey');

/**
 * `npm run demo`: replays a real year of coupons through the service APIs and compares the counters with the files.
 * `--exit`: ends by itself, with exit code 0 only if every counter is right. Without it the platform stays up.
 * `--identity`: then decides all that happened again, voucher by voucher; each difference is an error.
 * `--expected <folder>`: compares with the files of another folder.
 * `pool`: instead of the year, a simulated season without and with a waiting list. It ends by itself.
 * If CONFIG_URL, PAGE_DELIVERY_URL and LEDGER_URL name running services, it uses those and ends by itself.
 */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { exit, expected, season, identity } = options(args);
  const began = performance.now();
  const say: Say = (line) => console.log(line);
  const running = await runningServices('demo', SCOPES);
  if (running && season) {
    await runSeasons(running, say, lifetime.signal);
    return 0;
  }
  if (running) {
    await expectEmpty(running, lifetime.signal);
    const { equal, shown } = await replay(running, expected, say, lifetime.signal, inBrowser(running));
    say(shown);
    return equal ? 0 : 1;
  }
  const platform = await startPlatform(lifetime, { folder: 'demo', namespace: 'demo', empty: true, say });
  const { config, 'page-delivery': pageDelivery, ledger } = platform.services.urls;
  const token = await platform.signToken({ sub: 'demo', scope: SCOPES });
  const access = { config, pageDelivery, ledger, token };
  if (season) {
    await runSeasons(access, say, lifetime.signal);
    return 0;
  }
  const { equal, shown } = await replay(access, expected, say, lifetime.signal);
  const same = !identity || (await isSameAgain(access, say, lifetime.signal));
  sayMemory(platform, say);
  say(`done after ${((performance.now() - began) / 1000).toFixed(0)} s`);
  if (exit) return equal && same ? 0 : 1;
  lifetime.endsBySignal = true;
  say(`ready: ${platform.addresses} (Ctrl-C ends all)`);
  say(shown);
  return lifetime.ended();
}

/** Replays and compares the year, then makes the showcase. `shown`: addresses to open, based on `open`. */
async function replay(
  access: Access,
  expected: string | undefined,
  say: Say,
  signal: AbortSignal,
  open: Access = access,
): Promise<{ equal: boolean; shown: string }> {
  const journey = readJourney(JOURNEY);
  const files = expected === undefined ? journey : readJourney(resolve(expected));
  const purchases = purchasesOf(journey, readBaskets(JOURNEY));
  const equal = await replayYear(journey, purchases, files, access, say, signal);
  return { equal, shown: sights(journey, await makeShowcase(journey, access, signal), open) };
}

function options(args: string[]): { exit: boolean; expected?: string; season: boolean; identity: boolean } {
  const season = args[0] === 'pool';
  const { values } = argumentsOf(
    {
      args: season ? args.slice(1) : args,
      options: { exit: { type: 'boolean' }, identity: { type: 'boolean' }, expected: { type: 'string' } },
    },
    'npm run demo -- [pool] [--exit] [--identity] [--expected <folder>]',
  );
  const { exit = false, identity = false, expected } = values;
  return { exit, identity, expected, season };
}

/** Whether the ledger decides everything again as it did. */
async function isSameAgain(access: Access, say: Say, signal: AbortSignal): Promise<boolean> {
  const { vouchers, decisions, differences, changed, failed } = await decideAgain(access, signal);
  for (const one of failed.slice(0, 20)) say(`  ${one}`);
  say(
    `decided again: ${vouchers.toLocaleString('en')} vouchers, ${decisions.toLocaleString('en')} decisions, ` +
      `${differences} differences; by their last version from the beginning, ${changed} decisions would differ`,
  );
  return failed.length === 0 && differences === 0;
}

/** @throws Hint if the year was replayed there before, since the counters would add up */
async function expectEmpty({ config, token }: Access, signal: AbortSignal): Promise<void> {
  const url = `${config}/v1/pages/campaign-26`;
  const page = { method: 'GET', url, headers: { Authorization: `Bearer ${token}` } } as const;
  const { status } = await ask(page, [200, 404], signal);
  if (status === 200) throw new Hint(`${config} has the demo's pages already; the demo needs a platform without them`);
}

/** Prints each process's highest resident memory. */
function sayMemory({ services }: Platform, say: (line: string) => void): void {
  const own = ['demo', process.resourceUsage().maxRSS * 1024] as const;
  const shown = [...Object.entries(services.peakResidentBytes()), own].map(
    ([name, bytes]) => `${name} ${(bytes / 1024 / 1024).toFixed(0)} MB`,
  );
  say(`highest resident memory: ${shown.join(', ')}`);
}
