// Acts as an operator would: without the proxies, and with every guard.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { MIGRATOR, type ServiceName } from '@vouchers/contracts';
import { asLogin } from '../infrastructure/logins.ts';
import { ROOT } from '../places.ts';
import type { Services } from '../services/services.ts';

const WITHIN_MS = 90_000;

/** The services' settings, and the servers' addresses without proxies. */
export interface CommandTarget {
  readonly services: Pick<Services, 'settings'>;
  readonly postgresUrl: string;
  readonly brokers: string;
}

/** Runs statements on a database as its owner, who is not refused, each by itself. */
export async function runStatements(url: string, ...statements: string[]): Promise<void> {
  const options = '-c default_transaction_read_only=off -c lock_timeout=20s';
  const client = new pg.Client({ connectionString: url, options });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Runs `dist/<script>.js` of a service to its end. `code` is null if it did not end in time. */
export async function runCommand(
  { services, postgresUrl, brokers }: CommandTarget,
  service: ServiceName,
  script: string,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const settings = services.settings[service];
  const child = spawn(process.execPath, [`dist/${script}.js`, ...args], {
    cwd: `${ROOT}/apps/${service}`,
    env: {
      ...inherited,
      ...settings,
      NODE_OPTIONS: '',
      LOG_LEVEL: 'warn',
      DATABASE_URL: asLogin(postgresUrl, settings['NAMESPACE']!, script === 'rebuild' ? MIGRATOR : service),
      KAFKA_BROKERS: brokers,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void output.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: Buffer.concat(output).toString().trim() };
}
