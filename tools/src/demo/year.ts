// Runs the demo on services that are up: replays, waits for all outcomes, compares, reports.
import { setTimeout as pause } from 'node:timers/promises';
import { SOURCE, type Expected, type Journey } from './journey.ts';
import { countersOf, differences, sumOf, totalsOf, type Totals } from './outcome.ts';
import type { Purchase } from './purchases.ts';
import { publish, use, view, type Access, type ReplayProgress } from './replay.ts';
import { funnel, percentile, rate } from './report.ts';

const PROGRESS_EVERY_MS = 5_000;
const POLL_MS = 500;
/** After this time without a new outcome, no more are expected. */
const STALLED_AFTER_MS = 90_000;
/** The most differing vouchers that are printed. */
const NAMED = 20;

export type Say = (line: string) => void;

/**
 * Replays a year and compares the ledger's counters with `expected`. Prints the differences.
 * @returns whether every counter equals what the files say
 */
export async function replayYear(
  journey: Journey,
  purchases: Purchase[],
  { expected }: Pick<Journey, 'expected'>,
  access: Access,
  say: Say,
  signal: AbortSignal,
): Promise<boolean> {
  const target = sumOf(journey);
  const done: ReplayProgress = { views: 0, uses: 0, viewsMs: [] };
  const label = `source:${SOURCE}`;
  const rates: string[] = [];

  say(`${count(journey.coupons.length)} vouchers and ${journey.campaigns.length} pages: publishing`);
  const publishing = performance.now();
  const idOf = await publish(journey, access, signal);
  rates.push(rate(idOf.size, 'vouchers made and published', performance.now() - publishing));

  say(`${count(journey.views.length)} page views: serving`);
  const progress = progressLines(access, label, journey, target, done, say, signal);
  try {
    const viewing = performance.now();
    await view(journey, access, done, signal);
    rates.push(rate(done.views, 'page views served', performance.now() - viewing));
    await outcomes(access, label, { pushed: target.pushed }, say, signal);
    rates.push(rate(target.pushed, 'pushes decided, from the first page view on', performance.now() - viewing));

    const several = purchases.filter(({ uses }) => uses.length > 1);
    say(
      `${count(journey.uses.length)} redemptions, ${count(target.claimed)} of them with their claim, on ${count(purchases.length)} orders: replaying (${count(several.length)} orders use several coupons at once)`,
    );
    const using = performance.now();
    await use(journey, purchases, idOf, access, done, signal);
    await outcomes(access, label, { claimed: target.claimed, redeemed: target.redeemed }, say, signal);
    rates.push(rate(target.claimed + target.redeemed, 'claims and redemptions decided', performance.now() - using));
  } finally {
    await progress.stop();
  }

  const rows = [];
  for (const campaign of journey.campaigns.toSorted(
    (a, b) => a.from.localeCompare(b.from) || Number(a.id) - Number(b.id),
  )) {
    const households = journey.views.filter(({ campaignId }) => campaignId === campaign.id).length;
    rows.push({ campaign, households, totals: await totalsOf(`campaign:${campaign.id}`, access, signal) });
  }
  const totals = await totalsOf(label, access, signal);
  const wrong = differences(expected, idOf, await countersOf([...idOf.values()], access, signal));
  say(['', funnel(rows), '', ...rates, viewTimes(done), ''].join('\n'));
  say(`totals: ${summary(totals)}`);
  for (const line of wrong.slice(0, NAMED)) say(`differs: ${line}`);
  if (wrong.length > NAMED) say(`differs: ${count(wrong.length - NAMED)} more vouchers`);
  say(
    wrong.length === 0
      ? 'every counter of every voucher equals what the files say'
      : `vouchers that differ from what the files say: ${count(wrong.length)}`,
  );
  return wrong.length === 0;
}

/** Waits until the ledger's counts reach `target` or stop moving. The comparison then shows what is missing. */
async function outcomes(
  access: Access,
  label: string,
  target: Partial<Expected>,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  let last = '';
  let since = performance.now();
  for (;;) {
    const totals = await totalsOf(label, access, signal);
    const counts = Object.keys(target) as (keyof Expected)[];
    if (counts.every((name) => totals[name] >= target[name]!)) return;
    const seen = summary(totals);
    if (seen !== last) [last, since] = [seen, performance.now()];
    if (performance.now() - since > STALLED_AFTER_MS) {
      const missing = counts.map((name) => `${name} ${count(totals[name])} of ${count(target[name]!)}`).join(', ');
      return say(`no new outcome for ${STALLED_AFTER_MS / 1000} s: ${missing}`);
    }
    await pause(POLL_MS, undefined, { signal });
  }
}

/** Prints the progress every few seconds. */
function progressLines(
  access: Access,
  label: string,
  journey: Journey,
  target: Expected,
  done: ReplayProgress,
  say: Say,
  signal: AbortSignal,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const run = async (): Promise<void> => {
    for (;;) {
      await pause(PROGRESS_EVERY_MS, undefined, { signal: either });
      const { pushed, redeemed } = await totalsOf(label, access, either);
      const of = (part: number, whole: number): string => `${count(part)} of ${count(whole)}`;
      say(
        `  page views ${of(done.views, journey.views.length)} · pushed ${of(pushed, target.pushed)} · redeemed ${of(redeemed, target.redeemed)}`,
      );
    }
  };
  const running = run().catch(() => undefined);
  return { stop: () => (stopping.abort(), running) };
}

const count = (value: number): string => value.toLocaleString('en-US');
const summary = ({ vouchers, pushed, claimed, redeemed }: Totals): string =>
  `${count(vouchers)} vouchers, ${count(pushed)} pushed, ${count(claimed)} claimed, ${count(redeemed)} redeemed`;
const viewTimes = ({ viewsMs }: ReplayProgress): string =>
  `a page view with its pushes took ${percentile(viewsMs, 0.5).toFixed(0)} ms (p50), ${percentile(viewsMs, 0.99).toFixed(0)} ms (p99)`;
