// Keycloak, started by the commands of docs/identity.md in a folder of its own. KEYCLOAK_HOME is its distribution.
import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@vouchers/testing';

const ROOT = join(import.meta.dirname, '../..');
const HOME = process.env['KEYCLOAK_HOME'] ?? '';

export const hasKeycloak = existsSync(join(HOME, 'bin/kc.sh'));

export interface Keycloak {
  readonly issuer: string;
  /** The secret of the client page-delivery. */
  readonly secret: string;
  stop(): Promise<void>;
}

/** @param origins of console, page and ledger */
export async function startKeycloak(port: number, origins: Record<string, string>): Promise<Keycloak> {
  const folder = mkdtempSync(join(tmpdir(), 'keycloak-'));
  cpSync(HOME, join(folder, 'keycloak'), { recursive: true });
  const secret = 'the-secret-of-page-delivery';
  const environment = { ...process.env, ...origins, PROJECT: ROOT, KEYCLOAK_PORT: String(port) };
  const { start, people } = commands();
  const begin = start.replace(/^export PAGE_DELIVERY_SECRET=.*$/m, `export PAGE_DELIVERY_SECRET=${secret}`);
  // A group of its own, since the script starts Java as a child.
  const child = spawn('bash', ['-ec', begin], { cwd: folder, env: environment, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const issuer = `http://localhost:${port}/realms/vouchers`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid!, 'SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const isUp = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Error(`Keycloak ended: ${output}`);
      return (await fetch(`${issuer}/.well-known/openid-configuration`)).ok;
    };
    await eventually('Keycloak answers', isUp, { timeoutMs: 240_000, everyMs: 500 });
    execFileSync('bash', ['-ec', people], { cwd: folder, env: environment, stdio: 'pipe' });
    return { issuer, secret, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The blocks of docs/identity.md by name. */
function commands(): { start: string; people: string } {
  const text = readFileSync(join(ROOT, 'docs/identity.md'), 'utf8');
  const blocks = [...text.matchAll(/<!-- keycloak: (\w+) -->\s+```bash\n([^]*?)```/g)];
  return Object.fromEntries(blocks.map(([, name, script]) => [name, script])) as { start: string; people: string };
}
