import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideChromium } from '../infrastructure/chromium.ts';
import { startInfrastructure } from '../infrastructure/infrastructure.ts';
import { emptyNamespace } from '../infrastructure/namespace.ts';
import { dataDir } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { runTool } from '../processes/tool.ts';
import { build } from '../services/build.ts';

/** The part of Jest's report that is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: unknown[];
}

/** `npm test`: every test against real Postgres and Kafka. Arguments go to Jest. Ends with `N passed, N failed`. */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const namespace = process.env['NAMESPACE'] || `test${Date.now().toString(36)}`;
  const say = (line: string) => console.log(line);
  provideChromium(say);
  const [infrastructure] = await Promise.all([startInfrastructure(lifetime, { say }), build(lifetime, say)]);
  const { databaseUrl, brokers, given } = infrastructure;
  if (given.databaseUrl || given.brokers) lifetime.defer(() => emptyNamespace(infrastructure, namespace));

  const logs = join(dataDir(), 'logs', 'test');
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  const reports = mkdtempSync(join(tmpdir(), 'voucher-platform-test-'));
  lifetime.defer(() => rmSync(reports, { recursive: true, force: true }));
  const report = join(reports, 'report.json');

  console.log(
    `testing with ${databaseUrl.replace(/:[^:@/]*@/, '@')} and ${brokers}, namespace ${namespace}, service logs in ${logs}`,
  );
  const { code } = await runTool(lifetime, 'jest', ['--maxWorkers=2', '--json', `--outputFile=${report}`, ...args], {
    shown: true,
    environment: {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: brokers,
      NAMESPACE: namespace,
      LOG_DIR: logs,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    },
  });
  const { passed, failed, files } = read(report);
  console.log(`${files} files`);
  console.log(`${passed} passed, ${failed} failed`);
  return code;
}

/** Without a report Jest itself has failed: that is one failure. */
function read(file: string): { passed: number; failed: number; files: number } {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return { passed: report.numPassedTests, failed, files: report.testResults.length };
  } catch {
    return { passed: 0, failed: 1, files: 0 };
  }
}
