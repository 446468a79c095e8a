import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SubmissionOf, VoucherSpec } from '@vouchers/contracts';
import { RunningLedger } from '../../testing/running-ledger.ts';

const NOBODY = '018bcfe5-6800-7003-8000-000000000001';
const YEAR_2026 = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';
const NOW = 'at=9000-01-01T00:00:00Z';

let ledger: RunningLedger;
let voucherId: string;
let granted: SubmissionOf<'claim'>;
let refused: SubmissionOf<'claim'>;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  ledger = await new RunningLedger({ TENANCY: 'team' }).start();
  const spec: Partial<VoucherSpec> = { labels: { campaign: '26' }, quantities: { push: null, claim: 1, redeem: null } };
  voucherId = await ledger.define(spec);
  [granted, refused] = ['ann', 'bob'].map((user) => ledger.claim(voucherId, user)) as [typeof granted, typeof refused];
  await ledger.submit(granted, refused);
  await ledger.decided(granted, refused);
  tokens['own'] = await ledger.signToken({ scope: 'ledger:read' });
  tokens['foreign'] = await ledger.signToken({ scope: 'ledger:read', team: 'other' });
  tokens['auditor'] = await ledger.signToken({ scope: 'ledger:read audit:read', team: 'other' });
}, 60_000);
afterAll(() => ledger?.stop());

/** The status, and the body of an answer that has an end. */
async function ask(path: string, who: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${tokens[who]}` };
  const answer = await fetch(`${await ledger.app.getUrl()}/v1${path}`, { headers });
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
  if (isStream) await answer.body!.cancel();
  return { status: answer.status, body: isStream ? {} : ((await answer.json()) as Record<string, unknown>) };
}

/** The paths about one thing. Another id of the same kind gives the paths about what does not exist. */
const about = (voucher: string, claim: string, submission: string): string[] => [
  `/vouchers/${voucher}/counters`,
  `/vouchers/${voucher}/counters?${NOW}`,
  `/vouchers/${voucher}/counters/series?${YEAR_2026}`,
  `/vouchers/${voucher}/counters/stream`,
  `/vouchers/${voucher}/events`,
  `/vouchers/${voucher}/events?userId=ann`,
  `/vouchers/${voucher}/proof`,
  `/vouchers/${voucher}/proof?${NOW}&full=true`,
  `/claims/${claim}`,
  `/claims/${claim}/history`,
  `/submissions/${submission}/decision`,
];
const all = () => about(voucherId, granted.claimId, refused.submissionId);
/** Asks one after another, because only two costly questions of a caller run at once. */
async function statuses(paths: string[], who: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const path of paths) found[path] = (await ask(path, who)).status;
  return found;
}
const each = (paths: string[], status: number) => Object.fromEntries(paths.map((path) => [path, status]));

/** Also for a row of release 0.1.0, which has no team. */
describe.each([
  ['', undefined],
  [' whose row has no team', 'UPDATE vouchers SET team = NULL'],
])('a voucher%s', (_, sql) => {
  beforeAll(async () => {
    if (sql !== undefined) await ledger.pool.query(sql);
    const { rows } = await ledger.pool.query('SELECT team FROM vouchers');
    expect(rows).toEqual([{ team: sql === undefined ? 'default' : null }]);
  });

  it.each(['own', 'auditor'])('is seen with the token %s', async (who) => {
    expect(await statuses(all(), who)).toEqual(each(all(), 200));
  });

  it('is for another team as if it did not exist', async () => {
    expect(await statuses(all(), 'foreign')).toEqual(each(all(), 404));
    const nothing = about(NOBODY, NOBODY, NOBODY);
    for (const [index, path] of all().entries())
      expect([path, await ask(path, 'foreign')]).toEqual([path, await ask(nothing[index]!, 'own')]);
  });

  it('counts in the sums and lists of its team alone', async () => {
    const sum = async (who: string) => (await ask('/counters?label=campaign:26', who)).body;
    for (const who of ['own', 'auditor']) expect(await sum(who)).toMatchObject({ vouchers: 1, claimed: 1 });
    expect(await sum('foreign')).toMatchObject({ vouchers: 0, claimed: 0, refused: {} });
    const listed = async (who: string) => (await ask(`/counters?voucherId=${voucherId}`, who)).body['items'];
    expect(await listed('own')).toMatchObject([{ voucherId }]);
    expect(await listed('foreign')).toEqual([]);
    for (const path of ['/vouchers', '/users/ann/activity', '/labels']) {
      const items = async (who: string) => (await ask(path, who)).body['items'] as unknown[];
      expect([path, (await items('own')).length > 0, await items('foreign')]).toEqual([path, true, []]);
      expect(await items('auditor')).toEqual(await items('own'));
    }
  });
});

it('whole partitions are for auditors, and bad parameters come after that', async () => {
  const path = `/events?partition=${ledger.partitionOf(voucherId)}`;
  const refusal = { status: 403, body: { detail: expect.stringContaining('audit:read') } };
  for (const one of [path, '/events', '/events?partition=x']) expect(await ask(one, 'own')).toMatchObject(refusal);
  expect(await ask('/events', 'auditor')).toMatchObject({ status: 400 });
  const { body } = await ask(path, 'auditor');
  expect(body['items']).toHaveLength(ledger.of(voucherId).length);
});
