import { join } from 'node:path';
import { MIGRATOR } from '@vouchers/contracts';
import { databaseName } from '../../infrastructure/databases.ts';
import { asLogin } from '../../infrastructure/logins.ts';
import { runTool } from '../../processes/tool.ts';
import type { Stage } from '../stage.ts';

const REPORT = /^(\d+) events replayed \((\d+)\/s\), (\d+) differences$/m;

/**
 * Rebuilds the ledger's projections as `npm run rebuild` does, and compares them with the live ones.
 * @returns events per second @throws Error if they differ
 */
export async function rebuild(
  stage: Pick<Stage, 'lifetime' | 'infrastructure' | 'say'>,
  namespace: string,
): Promise<number> {
  const { code, output } = await runTool(stage.lifetime, 'node', [join('apps', 'ledger', 'dist', 'rebuild.js')], {
    environment: {
      DATABASE_URL: asLogin(stage.infrastructure.databaseUrl, namespace, MIGRATOR),
      DATABASE_NAME: databaseName(namespace, 'ledger'),
      KAFKA_BROKERS: stage.infrastructure.brokers,
    },
  });
  const [, events, rate] = REPORT.exec(output) ?? [];
  if (code !== 0 || !rate) throw new Error(`the rebuilt projections differ, or could not be made\n${output}`);
  stage.say(`  ${events} events replayed, ${rate}/s`);
  return Number(rate);
}
