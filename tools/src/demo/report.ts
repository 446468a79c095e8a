// The demo's output: funnel, rates and memory.
import type { Campaign } from './journey.ts';
import type { Totals } from './outcome.ts';

export interface FunnelRow {
  campaign: Campaign;
  households: number;
  totals: Totals;
}

const grouped = (value: number): string => value.toLocaleString('en-US');
const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`);

/** Columns are as wide as their widest cell. The first two are aligned left, the rest right. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('──'), ...rows.map(line)].join('\n');
}

/** Push → claim → redeem of every campaign, and of all. Redemptions may exceed claims, since a claim has two uses. */
export function funnel(rows: FunnelRow[]): string {
  const cells = (
    name: string,
    type: string,
    households: number,
    { vouchers, pushed, claimed, redeemed }: Pick<Totals, 'vouchers' | 'pushed' | 'claimed' | 'redeemed'>,
  ): string[] => [
    name,
    type,
    grouped(households),
    grouped(vouchers),
    grouped(pushed),
    grouped(claimed),
    percent(claimed, pushed),
    grouped(redeemed),
    percent(redeemed, claimed),
  ];
  const all = { vouchers: 0, pushed: 0, claimed: 0, redeemed: 0 };
  let households = 0;
  for (const row of rows) {
    households += row.households;
    for (const count of ['vouchers', 'pushed', 'claimed', 'redeemed'] as const) all[count] += row.totals[count];
  }
  return table(
    ['campaign', 'type', 'page views', 'vouchers', 'pushed', 'claimed', 'of pushed', 'redeemed', 'of claimed'],
    [
      ...rows.map(({ campaign, households, totals }) => cells(campaign.id, campaign.type, households, totals)),
      cells('all', '', households, all),
    ],
  );
}

/** The value below which `share` of the values lie (nearest rank). NaN if there are no values. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** For example `800,199 pushes decided in 81.2 s: 9,855/s`. */
export const rate = (count: number, what: string, ms: number): string =>
  `${grouped(count)} ${what} in ${(ms / 1000).toFixed(1)} s: ${grouped(Math.round(count / (ms / 1000)))}/s`;
