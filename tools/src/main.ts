// The commands of the root's scripts. Each is a file with `run(args, lifetime)`, which returns the exit code.
import { live, type Lifetime } from './processes/lifetime.ts';

type Command = (args: string[], lifetime: Lifetime) => Promise<number>;

const COMMANDS: Record<string, () => Promise<{ run: Command }>> = {
  adopt: () => import('./commands/adopt.command.ts'),
  audit: () => import('./commands/audit.command.ts'),
  bench: () => import('./bench/bench.command.ts'),
  build: () => import('./commands/build.command.ts'),
  check: () => import('./commands/check.command.ts'),
  clean: () => import('./commands/clean.command.ts'),
  demo: () => import('./demo/demo.command.ts'),
  dev: () => import('./commands/dev.command.ts'),
  docs: () => import('./docs/docs.command.ts'),
  faults: () => import('./faults/faults.command.ts'),
  forget: () => import('./commands/forget.command.ts'),
  fuzz: () => import('./fuzz/fuzz.command.ts'),
  issuer: () => import('./issuer/issuer.command.ts'),
  'kafka-rights': () => import('./commands/kafka-rights.command.ts'),
  parked: () => import('./commands/parked.command.ts'),
  rebuild: () => import('./commands/rebuild.command.ts'),
  schemas: () => import('./docs/schemas.command.ts'),
  screenshots: () => import('./screenshots/screenshots.command.ts'),
  start: () => import('./commands/start.command.ts'),
  test: () => import('./commands/test.command.ts'),
  token: () => import('./commands/token.command.ts'),
  traffic: () => import('./traffic/traffic.command.ts'),
};

/** Without this, `npm run rebuild -- ledger` would rebuild every service. */
const WITHOUT_ARGUMENTS = ['audit', 'build', 'check', 'clean', 'dev', 'docs', 'issuer', 'rebuild', 'start'];

const [name = '', ...args] = process.argv.slice(2);
const load = COMMANDS[name];
await live(async (lifetime) => {
  if (!load) {
    console.error(`unknown command '${name}': one of ${Object.keys(COMMANDS).join(', ')}`);
    return 2;
  }
  if (args.length > 0 && WITHOUT_ARGUMENTS.includes(name)) {
    console.error(`npm run ${name} takes no arguments: it got ${args.join(' ')}`);
    return 2;
  }
  const { run } = await load();
  return run(args, lifetime);
});
