// Checks that the module boundaries refuse imports, because ESLint silently skips the rule without Nx's project graph.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { ROOT } from './places.ts';

const RULE = '@nx/enforce-module-boundaries';
let eslint: ESLint;

beforeAll(() => {
  execFileSync(join(ROOT, 'node_modules', '.bin', 'nx'), ['show', 'projects'], {
    cwd: ROOT,
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  eslint = new ESLint({
    cwd: ROOT,
    ruleFilter: ({ ruleId }) => ruleId === RULE,
    // The boundaries need no types, and the planted file is in no TypeScript project.
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  });
}, 60_000);

/** The rule's messages about a file with this one import. */
async function refusals(file: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import '${imported}';\n`, { filePath: join(ROOT, file) });
  return result!.messages.map(({ ruleId, message }) => (ruleId === RULE ? message : `not by the rule: ${message}`));
}

describe('module boundaries', () => {
  it.each([
    ['libs/contracts/src/planted.ts', '@vouchers/voucher'],
    ['libs/voucher/src/planted.ts', '@vouchers/messaging'],
    ['libs/pricing/src/planted.ts', '@vouchers/service'],
    ['libs/messaging/src/planted.ts', '@vouchers/voucher'],
    ['libs/event-store/src/planted.ts', '@vouchers/service'],
    ['libs/outcomes/src/planted.ts', '@vouchers/voucher'],
    ['libs/service/src/planted.ts', '@vouchers/outcomes'],
    ['apps/ledger/src/planted.ts', '@vouchers/outcomes'],
    ['libs/testing/src/planted.ts', '@vouchers/service'],
    ['tools/src/planted.ts', '@vouchers/messaging'],
    ['tools/src/planted.ts', '@vouchers/testing'],
    ['apps/ledger/src/planted.ts', '@vouchers/testing'],
    ['apps/config/src/planted.ts', '../../ledger/src/main.ts'],
    ['libs/voucher/src/planted.spec.ts', '@vouchers/service'],
  ])('%s may not import %s', async (file, imported) => {
    expect(await refusals(file, imported)).toEqual([
      expect.stringMatching(/can only depend on|relative|Circular dependency/),
    ]);
  });

  it.each([
    ['libs/voucher/src/planted.ts', '@vouchers/contracts'],
    ['libs/messaging/src/planted.ts', '@vouchers/contracts'],
    ['apps/ledger/src/planted.ts', '@vouchers/event-store'],
    ['apps/page-delivery/src/planted.ts', '@vouchers/voucher'],
    ['libs/pricing/src/planted.ts', '@vouchers/contracts'],
    ['apps/config/src/planted.ts', '@vouchers/outcomes'],
    ['libs/outcomes/src/planted.ts', '@vouchers/messaging'],
    ['libs/messaging/src/planted.spec.ts', '@vouchers/testing'],
    ['e2e/planted.ts', '@vouchers/tools'],
  ])('%s may import %s', async (file, imported) => {
    expect(await refusals(file, imported)).toEqual([]);
  });
});
