import { parseArgs } from 'node:util';
import type { Lifetime } from '../processes/lifetime.ts';
import { Hint } from '../processes/hint.ts';
import { build } from '../services/build.ts';
import { FAULTS, faultsNamed } from './catalogue.ts';
import { runFaults, type Verdict } from './run.ts';
import { startOwnServers } from './servers.ts';

const SHOWN = 12;

/**
 * `npm run faults [-- --seed 1 --seed 2 … names]`: every fault, or those named, under load, on Postgres and Kafka of its own;
 * the invariants are checked after each. Exit 1 where one did not hold. `--list` only names them.
 */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { seed: { type: 'string', multiple: true }, list: { type: 'boolean' } },
  });
  if (values.list) {
    for (const { name, title } of FAULTS) console.log(`${name.padEnd(28)} ${title}`);
    return 0;
  }
  const seeds = (values.seed ?? [String(Math.floor(Math.random() * 1_000_000))]).map(Number);
  if (!seeds.every(Number.isSafeInteger)) throw new Hint('a seed is a whole number');
  const faults = faultsNamed(positionals);
  const [own] = await Promise.all([startOwnServers(lifetime, console.log), build(lifetime, console.log)]);
  console.log(`${faults.length} faults, seeds ${seeds.join(', ')}`);
  const verdicts: Verdict[] = [];
  for (const seed of seeds) {
    const { address: databaseUrl } = own.postgres;
    const options = { databaseUrl, brokers: own.kafka.address, own, seed };
    const found = await runFaults(faults, { ...options, namespace: `faults${Date.now().toString(36)}x` }, print);
    verdicts.push(...found);
  }
  const red = verdicts.filter((verdict) => verdict.faults.length > 0);
  const skipped = verdicts.filter((verdict) => verdict.skipped !== undefined);
  console.log(
    `${verdicts.length - red.length - skipped.length} survived, ${red.length} not, ${skipped.length} skipped`,
  );
  return red.length === 0 ? 0 : 1;
}

/** One line a fault, and what did not hold. */
export function print({ fault, seed, skipped, faults, decided, tookMs }: Verdict): void {
  if (skipped !== undefined) return console.log(`skipped: ${fault}: ${skipped}`);
  const took = `${decided} decided, ${(tookMs / 1_000).toFixed(0)} s`;
  console.log(`${faults.length === 0 ? 'ok' : 'NOT'}  ${fault} (seed ${seed}): ${took}`);
  for (const one of faults.slice(0, SHOWN)) console.log(`     ${one}`);
  if (faults.length > SHOWN) console.log(`     and ${faults.length - SHOWN} more`);
}
