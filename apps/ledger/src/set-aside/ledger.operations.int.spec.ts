import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LedgerStore } from '@vouchers/event-store';
import { runParkedCommand } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { RunningLedger } from '../../testing/running-ledger.ts';
import { ledgerOperations } from './ledger.operations.ts';

let ledger: RunningLedger;
let store: LedgerStore;
beforeAll(async () => {
  ledger = await new RunningLedger().start();
  await eventually('it is ready', async () => (await ledger.get('/health/ready')).status === 200, {
    timeoutMs: 30_000,
  });
  store = new LedgerStore(ledger.settings.databaseUrl);
}, 60_000);
afterAll(async () => {
  await store?.end();
  await ledger?.stop();
});

async function command(...args: string[]): Promise<{ exitCode: number; said: string }> {
  const lines: string[] = [];
  const operations = ledgerOperations(ledger.settings, ledger.kafka, store);
  const exitCode = await runParkedCommand(args, operations, (line) => lines.push(line));
  return { exitCode, said: lines.join('\n') };
}

it('an operator lists the records that the ledger set aside and orders to skip a stuck one', async () => {
  const { submissions } = ledger.settings.topics;
  expect((await command('list')).said).toContain('0 in the quarantine');
  await ledger.producer.send([
    { topic: submissions, partition: 1, key: 'k', value: 'no JSON', headers: { ce_type: 'voucher.claim.v1' } },
  ]);
  await eventually('it lies in the quarantine', () => ledger.quarantined.length === 1);
  expect((await command('list')).said).toMatch(/^1:0 {2}.+\n1 in the quarantine/);
  expect((await command('inspect', '1:0')).said).toContain('no JSON');
  expect((await command('inspect', '1:1')).said).toContain('1:1 is not among');
  const order = ['1', '7', '--by', 'ann', '--reason', 'times out'];
  expect((await command('skip', 'another.topic', ...order)).exitCode).toBe(2);
  expect((await command('skip', submissions, ...order)).exitCode).toBe(0);
  expect((await command('list')).said).toMatch(
    /1:7 {2}to be skipped by order of ann at .*: times out \(not stuck yet\)/,
  );
  expect(await command('retry', 'x')).toEqual({ exitCode: 2, said: expect.stringContaining('final') });
});
