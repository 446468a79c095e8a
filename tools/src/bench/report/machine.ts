import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import pg from 'pg';
import type { Infrastructure } from '../../infrastructure/infrastructure.ts';

/** One line about hardware and versions. Figures of different machines or versions are not compared. */
export async function machine({ databaseUrl, given }: Infrastructure): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const setting = async (name: string): Promise<string> => {
    const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
    return rows[0]!.value;
  };
  try {
    const version = await setting('server_version');
    const safety = `fsync ${await setting('fsync')}, synchronous_commit ${await setting('synchronous_commit')}`;
    const buffers = await setting('shared_buffers');
    return [
      `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 1e9)} GB`,
      `Node ${process.versions.node}`,
      `PostgreSQL ${version} (${safety}, shared_buffers ${buffers})`,
      `Kafka ${given.brokers ? 'as given' : '4.2, one broker'}`,
      'everything on these cores, load included',
    ].join('; ');
  } finally {
    await client.end();
  }
}

/** The commit that was measured; empty outside of a clone. */
export function commit(root: string): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
