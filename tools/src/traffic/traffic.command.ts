// Sends claims and redemptions to running services while something is done to them, and compares the counts afterwards.
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runningServices } from '../services/running.ts';
import { differencesOf } from './tally.ts';
import { SCOPES, Traffic } from './traffic.ts';

const USAGE = 'traffic [--seconds 60] [--clients 8]';

/** Exit 0 if every answered claim and redemption is counted exactly once, and nothing else is. */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { seconds, clients } = options(args);
  const services = await runningServices('traffic', SCOPES);
  if (!services) throw new Hint('CONFIG_URL, PAGE_DELIVERY_URL and LEDGER_URL say where the services are');
  const traffic = await Traffic.prepare(services, lifetime.signal);
  console.log(`${traffic.vouchers.length} vouchers, ${clients} clients, ${seconds} s`);
  await traffic.run(clients, seconds);
  const { tallies, longestMs } = traffic;
  const sum = (count: (tally: (typeof tallies)[number]) => number): number =>
    tallies.reduce((all, tally) => all + count(tally), 0);
  console.log(
    `answered: ${sum(({ claims }) => claims.size)} claims, ${sum(({ redemptions }) => redemptions.size)} redemptions, ` +
      `${sum(({ soldOut }) => soldOut)} refused as sold out; longest wait for an answer ${(longestMs / 1000).toFixed(1)} s`,
  );
  const counted = await traffic.count();
  console.log(
    `counted:  ${counted.reduce((all, { claimed }) => all + claimed, 0)} claims, ` +
      `${counted.reduce((all, { redeemed }) => all + redeemed, 0)} redemptions`,
  );
  const differences = differencesOf(tallies, counted);
  for (const line of differences) console.log(`differs: ${line}`);
  console.log(differences.length === 0 ? 'every answer is counted once, and nothing else' : 'the counts differ');
  return differences.length === 0 ? 0 : 1;
}

function options(args: string[]): { seconds: number; clients: number } {
  const number = { type: 'string' } as const;
  const { values } = argumentsOf({ args, options: { seconds: number, clients: number } }, USAGE);
  const [seconds, clients] = [Number(values.seconds ?? 60), Number(values.clients ?? 8)];
  if (seconds > 0 && Number.isInteger(clients) && clients > 0) return { seconds, clients };
  throw new Hint(`--seconds is more than 0, and --clients a whole number from 1\nusage: ${USAGE}`);
}
