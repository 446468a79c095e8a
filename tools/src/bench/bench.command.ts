import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../places.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import { Lifetime } from '../processes/lifetime.ts';
import { FULL, type Bench, type Figure, type Sizes } from './bench.ts';
import { claimsOverHttp } from './claims-over-http.bench.ts';
import { cpu } from './cpu.bench.ts';
import { crash } from './crash.bench.ts';
import { fullTables } from './full-tables.bench.ts';
import { growth } from './growth.bench.ts';
import { history } from './history.bench.ts';
import { hotVoucher } from './hot-voucher.bench.ts';
import { signatures } from './signatures.bench.ts';
import { idle } from './idle.bench.ts';
import { memory } from './memory.bench.ts';
import { offers } from './offers.bench.ts';
import { others } from './others.bench.ts';
import { pageData } from './page-data.bench.ts';
import { quotes } from './quotes.bench.ts';
import { simulations } from './simulations.bench.ts';
import { starts } from './starts.bench.ts';
import { commit, machine } from './report/machine.ts';
import { paragraphs, rowsOf, withRows, type Result } from './report/table.ts';
import { openBenchServers, type BenchServers } from './stage.ts';
import { builtCheckout, compare, comparisonOf, ROUNDS } from './versus.ts';

const BENCHES: readonly Bench[] = [
  idle,
  hotVoucher,
  signatures,
  cpu,
  offers,
  crash,
  claimsOverHttp,
  pageData,
  quotes,
  others,
  history,
  simulations,
  fullTables,
  growth,
  memory,
  starts,
];
const DOCUMENT = join(ROOT, 'docs', 'performance.md');

/**
 * `npm run bench`: measures each figure and its baseline in the same run, and writes the table of docs/performance.md.
 * `-- P1 P3`: only those figures. With other sizes (`--claims`, `--rounds`, …) it writes nothing. `-- P1 --against
 * ../other`: measures this build and another built checkout in turns, and prints the ratio; it writes nothing.
 * Exit 1 if a figure could not be measured. A figure that misses its target still counts as measured.
 */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { asked, sizes, isFull, measures } = options(args);
  const began = performance.now();
  const say = (line: string): void => {
    const seconds = Math.round((performance.now() - began) / 1_000);
    console.log(`[${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}] ${line}`);
  };
  const servers = await openBenchServers(lifetime, say);
  const ranOn = await machine(servers.infrastructure);
  say(ranOn);
  const results: Result[] = [];
  for (const { ids, run: figuresOf } of measures) {
    const wanted = new Set(ids.filter((id) => asked.has(id)));
    if (wanted.size === 0) continue;
    say(`${[...wanted].join(', ')}: measuring`);
    try {
      const figures = await measure(figuresOf, servers, sizes, wanted, lifetime);
      results.push(...figures);
      console.log(paragraphs(rowsOf(figures, '')));
    } catch (error) {
      if (lifetime.signal.aborted) throw error;
      const { message, stack } = error as Error;
      say(`${[...wanted].join(', ')} failed: ${stack}`);
      results.push(...[...wanted].map((id) => ({ id, failed: message })));
    }
  }
  const taken = [new Date().toISOString().slice(0, 16).replace('T', ' '), commit(ROOT)].filter(Boolean).join(', ');
  const rows = rowsOf(results, taken);
  console.log(`\n${paragraphs(rows)}\n`);
  if (isFull) {
    writeFileSync(DOCUMENT, withRows(readFileSync(DOCUMENT, 'utf8'), ranOn, rows, IDS));
    say('written to docs/performance.md');
  } else say('docs/performance.md is unchanged: these are not the full sizes');
  return results.some((result) => 'failed' in result) ? 1 : 0;
}

/** Ends everything that the measurement started, whatever its result, so that the next one is not disturbed. */
async function measure(
  figuresOf: Bench['run'],
  servers: BenchServers,
  sizes: Sizes,
  asked: ReadonlySet<string>,
  lifetime: Lifetime,
): Promise<Figure[]> {
  const own = new Lifetime();
  lifetime.defer(() => own.end());
  try {
    return await figuresOf(servers.stage(own), sizes, asked);
  } finally {
    await own.end();
    await servers.clear();
  }
}

/** P1 to P9, then the figures that have words as ids. */
const IDS = BENCHES.flatMap(({ ids }) => ids).toSorted();

interface Options {
  readonly asked: ReadonlySet<string>;
  readonly sizes: Sizes;
  readonly isFull: boolean;
  /** Measurements of figures, or comparisons of two builds. */
  readonly measures: readonly Pick<Bench, 'ids' | 'run'>[];
}

function options(args: string[]): Options {
  const names = Object.keys(FULL) as (keyof Sizes)[];
  const usage = `npm run bench -- [${IDS.join('|')}]… ${names.map((name) => `[--${name} ${FULL[name]}]`).join(' ')} [--against folder]`;
  const string = { type: 'string' } as const;
  const parsed = argumentsOf(
    {
      args,
      allowPositionals: true,
      options: { against: string, ...Object.fromEntries(names.map((name) => [name, string])) },
    },
    usage,
  );
  const { positionals } = parsed;
  const { against, ...sized } = parsed.values as Record<string, string>;
  const unknown = against === undefined ? positionals.filter((id) => !IDS.includes(id)) : [];
  if (unknown.length > 0) throw new Hint(`no such figure: ${unknown.join(', ')}: ${usage}`);
  const sizes: Record<string, number> = { ...FULL, ...(against !== undefined && { rounds: ROUNDS }) };
  for (const [name, text] of Object.entries(sized)) {
    sizes[name] = Number(text);
    if (!Number.isInteger(sizes[name]) || sizes[name]! < 1)
      throw new Hint(`--${name} is a whole number from 1: ${usage}`);
  }
  return {
    asked: new Set(positionals.length > 0 ? positionals : IDS),
    sizes: sizes as unknown as Sizes,
    isFull: Object.keys(parsed.values).length === 0,
    measures: against === undefined ? BENCHES : comparisons(positionals, builtCheckout(against), usage),
  };
}

/** Compares two builds by each of the given figures. */
function comparisons(ids: readonly string[], against: string, usage: string): Pick<Bench, 'ids' | 'run'>[] {
  if (ids.length === 0) throw new Hint(`--against needs the names of figures: ${usage}`);
  return ids.map((id) => {
    const comparison = comparisonOf(id, BENCHES);
    return { ids: [id], run: async (stage, sizes) => [await compare(stage, { id, comparison, against, sizes })] };
  });
}
