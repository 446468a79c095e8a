import { join } from 'node:path';
import { dataDir } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';
import { keptSettings } from '../services/kept-settings.ts';

/**
 * `npm run audit`, beside a running `npm start`: compares all events with their hashes and with the published heads,
 * and everything that the ledger stores with the events. Changes nothing. Exits with 1 if something differs.
 */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  const script = join('apps', 'ledger', 'dist', 'audit.js');
  const environment = keptSettings(dataDir()).settings.ledger;
  const { code } = await runTool(lifetime, 'node', [script], { shown: true, environment });
  return code;
}
