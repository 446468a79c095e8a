import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batch, testStore } from '../testing/hand-made.ts';
import { appendStatement } from './append.statement.ts';
import { GENESIS } from './chain/event.hash.ts';

describe('the statement that writes a batch', () => {
  let context: Awaited<ReturnType<typeof testStore>>;
  let plan: string[];
  beforeAll(async () => {
    context = await testStore('plans');
    const { text } = appendStatement(batch({ from: { nextOffset: 0, nextSeq: 1, epoch: 0, hash: GENESIS } }));
    const { rows } = await context.store.pools.writers.query<Record<string, string>>(`EXPLAIN (GENERIC_PLAN) ${text}`);
    plan = rows.map((row) => row['QUERY PLAN']!.trim());
  });
  afterAll(() => context.end());

  it.each([
    ['vouchers', 'voucher_id'],
    ['claims', 'claim_id'],
    ['redemptions', 'redemption_id'],
    ['entries', 'entry_id'],
  ])('finds a row of %s by its key, even if it is planned while the table is empty', (table, key) => {
    const scan = plan.findIndex((line) => line.includes(`using ${table}_pkey`));
    expect(plan[scan + 1]).toMatch(new RegExp(`^Index Cond: \\(\\(partition = .*\\) AND \\(${key} = `));
    expect(plan.join('\n')).not.toMatch(new RegExp(`(Seq|Bitmap Heap) Scan on ${table}`));
  });
});
