import type { Lifetime } from '../processes/lifetime.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import { build } from '../services/build.ts';
import { FAULTS, faultsNamed } from './catalogue.ts';
import type { Fault } from './fault.ts';
import { lostGuards, MUTATIONS, mutated } from './mutations.ts';
import { runFaults, type FaultResult } from './run.ts';
import { startOwnServers } from './servers.ts';
import type { StageOptions } from './stage.ts';

const USAGE =
  'npm run faults -- [--seed 1 --seed 2 … | --seeds 5] [names], or --list, or --mutations [--seed 1] [words]';
const SHOWN = 12;
/** A shorter time to heal, since a platform without a guard may never heal. */
const MUTATED_HEALS_WITHIN_MS = 25_000;

/**
 * `npm run faults [-- --seed 1 --seed 2 … | --seeds 5] [names]`: runs every fault, or those named, under load, on its
 * own Postgres and Kafka. Checks the invariants after each; exit 1 if one is violated. `--list` prints the names.
 * `--mutations` removes each guard in turn (or those whose guard or fault contains the given words), and exits 1 if the
 * invariants still hold without one of them.
 */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { values, positionals } = argumentsOf(
    {
      args,
      allowPositionals: true,
      options: {
        seed: { type: 'string', multiple: true },
        seeds: { type: 'string' },
        list: { type: 'boolean' },
        mutations: { type: 'boolean' },
      },
    },
    USAGE,
  );
  if (values.list) {
    for (const { name, title } of FAULTS) console.log(`${name.padEnd(28)} ${title}`);
    return 0;
  }
  const seeds = seedsOf(values);
  const chosen = values.mutations ? [] : faultsNamed(positionals);
  const [servers] = await Promise.all([serversOf(lifetime), build(lifetime, console.log)]);
  const options = { ...servers, namespace: `faults${Date.now().toString(36)}x` };
  const survived = values.mutations
    ? await withoutGuards({ ...options, seed: seeds[0]! }, positionals)
    : await withFaults(chosen, options, seeds);
  return survived ? 0 : 1;
}

/** The given seeds, or the first `seeds`, or a random one. */
function seedsOf({ seed, seeds }: { seed?: string[]; seeds?: string }): number[] {
  const named = seed ?? (seeds === undefined ? [String(Math.floor(Math.random() * 1_000_000))] : []);
  const first = Array.from({ length: Number(seeds ?? 0) || 0 }, (_, index) => index + 1);
  const all = [...named.map(Number), ...first];
  if (all.length === 0 || !all.every(Number.isSafeInteger)) throw new Hint('seeds and their number are whole numbers');
  return all;
}

type Servers = Pick<StageOptions, 'databaseUrl' | 'brokers' | 'own'>;

/** Servers of the run's own, or those that the environment names. The latter are not killed. */
async function serversOf(lifetime: Lifetime): Promise<Servers> {
  const { DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers } = process.env;
  if (databaseUrl && brokers) return { databaseUrl, brokers };
  const own = await startOwnServers(lifetime, console.log);
  return { databaseUrl: own.postgres.address, brokers: own.kafka.address, own };
}

async function withFaults(
  faults: readonly Fault[],
  options: Servers & { namespace: string },
  seeds: readonly number[],
): Promise<boolean> {
  console.log(`${faults.length} faults, seeds ${seeds.join(', ')}`);
  const results: FaultResult[] = [];
  for (const seed of seeds)
    results.push(...(await runFaults(faults, { ...options, namespace: `${options.namespace}${seed}x`, seed }, print)));
  if (seeds.length > 1) printTable(results, seeds);
  const count = (wanted: string): number => results.filter((result) => outcomeOf(result) === wanted).length;
  console.log(`${count('survived')} survived, ${count('failed')} failed, ${count('skipped')} skipped`);
  return count('failed') === 0;
}

const outcomeOf = ({ violations, skipped }: FaultResult): 'survived' | 'failed' | 'skipped' =>
  skipped !== undefined ? 'skipped' : violations.length > 0 ? 'failed' : 'survived';

/** Prints one line per fault and one column per seed. */
function printTable(results: readonly FaultResult[], seeds: readonly number[]): void {
  const line = (fault: string, cells: readonly (number | string)[]): void =>
    console.log([fault.padEnd(28), ...cells.map((cell) => String(cell).padStart(9))].join(' '));
  line('seed', seeds);
  for (const fault of new Set(results.map((result) => result.fault)))
    line(fault, results.filter((result) => result.fault === fault).map(outcomeOf));
}

/** @returns whether an invariant was violated without each of the guards */
async function withoutGuards(options: StageOptions, words: readonly string[]): Promise<boolean> {
  const mutations = MUTATIONS.filter(
    ({ guard, fault }) => words.length === 0 || words.some((word) => guard.includes(word) || fault === word),
  );
  const lost = lostGuards();
  if (lost.length > 0) throw new Error(`not exactly once in the build: ${lost.join('; ')}`);
  console.log(`${mutations.length} guards, seed ${options.seed}`);
  let green = 0;
  for (const [index, mutation] of mutations.entries()) {
    const { sql } = 'sql' in mutation.change ? mutation.change : {};
    const results = await runFaults(faultsNamed([mutation.fault]), {
      ...options,
      namespace: `${options.namespace}m${index}x`,
      environment: mutated(mutation),
      healsWithinMs: MUTATED_HEALS_WITHIN_MS,
      ...(sql !== undefined && { sql }),
    });
    const { violations, skipped } = results[0]!;
    if (violations.length === 0) green += 1;
    console.log(`${violations.length === 0 ? `GREEN ${skipped ?? ''}` : 'red  '} ${mutation.guard}: ${mutation.fault}`);
    for (const one of firstOfEach(violations)) console.log(`      ${one}`);
  }
  console.log(`${mutations.length - green} red, ${green} green`);
  return green === 0;
}

/** Only the first violation of each invariant. */
function firstOfEach(violations: readonly string[]): string[] {
  const invariantOf = (one: string): string => one.split(':')[0]!;
  return violations.filter(
    (one, index) => violations.findIndex((other) => invariantOf(other) === invariantOf(one)) === index,
  );
}

/** Prints one line per fault, with the violated invariants. */
export function print({ fault, seed, skipped, violations, decided, tookMs }: FaultResult): void {
  if (skipped !== undefined) return console.log(`skipped: ${fault}: ${skipped}`);
  const took = `${decided} decided, ${(tookMs / 1_000).toFixed(0)} s`;
  console.log(`${violations.length === 0 ? 'ok' : 'NOT'}  ${fault} (seed ${seed}): ${took}`);
  for (const one of violations.slice(0, SHOWN)) console.log(`     ${one}`);
  if (violations.length > SHOWN) console.log(`     and ${violations.length - SHOWN} more`);
}
