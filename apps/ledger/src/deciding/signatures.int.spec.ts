// Records with a missing or wrong signature among good ones, and the ways to and from signatures.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFINITION_TYPE, HEADERS, SUBMISSION_TYPES, TICK_TYPE, type Submission } from '@vouchers/contracts';
import { Signer, signingKeysIn } from '@vouchers/contracts/signatures';
import { connectKafka, Producer, type OutgoingRecord } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { definitionOf, PARTITIONS, RunningLedger } from '../../testing/running-ledger.ts';

const keyOf = (id: string): string => `${id}:${Buffer.alloc(32, id).toString('base64url')}`;
const NO_LOG = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

const ledger = new RunningLedger({ SUBMISSION_SIGNATURES: 'require', SUBMISSION_KEYS: keyOf('a') });
const signer = new Signer(signingKeysIn(keyOf('a')));
const stranger = new Signer([{ id: 'a', secret: Buffer.alloc(32, 'x') }]);
/** Sends records as they are. */
const plain = new Producer(connectKafka({ brokers: ledger.topics.brokers, clientId: 'plain', logger: NO_LOG }));

beforeAll(async () => {
  await plain.connect();
  await ledger.start();
  await ledger.ready();
}, 60_000);
afterAll(async () => {
  await plain.disconnect();
  await ledger.stop();
});
beforeEach(() => void (ledger.quarantined.length = 0));

const signedBy = (by: Signer, record: OutgoingRecord, change: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
  ...record,
  ...change,
  headers: by.signed(record.headers, record),
});

async function restart(environment: Record<string, string>): Promise<void> {
  await ledger.app.close();
  Object.assign(ledger.environment, environment);
  await ledger.startService();
  await ledger.ready();
}

async function metric(name: string): Promise<Record<string, number>> {
  const answer = await fetch(new URL('/metrics', await ledger.app.getUrl()));
  const lines = (await answer.text()).matchAll(
    new RegExp(`^${name}{consumer="submissions"(?:,reason="([^"]+)")?} (\\d+)$`, 'gm'),
  );
  return Object.fromEntries([...lines].map(([, reason, value]) => [reason ?? '', Number(value)]));
}

describe('a forged record', () => {
  it('of any kind goes to the quarantine without a verdict, and the real one is decided', async () => {
    const voucherId = await ledger.define();
    const other = await ledger.define();
    const [real, good] = [ledger.claim(voucherId, 'alice'), ledger.claim(voucherId, 'bob')];
    const record = ledger.submission(real);
    const { definitions } = ledger.settings.topics;
    const type = (of: string): OutgoingRecord['headers'] => ({ ...record.headers, [HEADERS.type]: of });
    const elsewhere = { key: other, partition: ledger.partitionOf(other) };
    const { headers: signed } = signedBy(signer, record);
    const definition = ledger.record(voucherId, DEFINITION_TYPE, definitionOf(voucherId, { name: 'forged' }, 2));
    const tick = {
      ...record,
      key: '',
      value: JSON.stringify({ at: new Date().toISOString() }),
      headers: type(TICK_TYPE),
    };
    const missing = [record, definition, tick, { ...record, value: '{' }, { ...record, value: null }];
    const wrong = [
      signedBy(stranger, record),
      { ...signedBy(signer, { ...record, topic: definitions }), topic: record.topic },
      { ...record, headers: { ...signed, [HEADERS.type]: SUBMISSION_TYPES.lock } },
      { ...record, headers: { ...signed, [HEADERS.type]: 'voucher.unheard-of.v1' } },
      { ...record, headers: signed, value: JSON.stringify({ ...real, userId: 'mallory' }) },
      { ...record, headers: signed, ...elsewhere },
      { ...record, headers: { ...signed, [HEADERS.signature]: 'a' } },
    ];
    const unknown = signedBy(new Signer(signingKeysIn(keyOf('z'))), record);
    await plain.send([...missing, ...wrong, unknown]);
    await ledger.submit(good);
    const [verdict] = await ledger.decided(good);
    expect(verdict!.type).toBe('voucher.claimed.v1');
    await eventually('all lie in the quarantine', () => ledger.quarantined.length >= 13);
    const reasons = ledger.quarantined.toSorted();
    expect(reasons).toEqual([
      ...missing.map(() => 'it has no signature'),
      ...wrong.map(() => 'its signature is wrong'),
      'its signature names an unknown key',
    ]);
    expect(ledger.verdict(real.submissionId)).toBeUndefined();
    expect(ledger.of(voucherId).flatMap(({ data }) => data.definition?.version ?? [])).toEqual([1]);
    expect(await metric('signatures_refused_total')).toEqual({ missing: 5, wrong: 7, 'unknown-key': 1 });
    await ledger.submit(real);
    expect((await ledger.decided(real))[0]!.data).toMatchObject({ claim: { userId: 'alice' } });
    expect(
      ledger
        .of(voucherId)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['voucher.claimed.v1', 'voucher.claimed.v1', 'voucher.defined.v1', 'voucher.enabled.v1']);
  });

  it('is refused under `accept`, too, unless it has no signature', async () => {
    await restart({ SUBMISSION_SIGNATURES: 'accept' });
    const voucherId = await ledger.define();
    const [unsigned, forged] = [ledger.claim(voucherId, 'alice'), ledger.claim(voucherId, 'bob')];
    const { unsigned: before = 0 } = { unsigned: (await metric('unsigned_records_total'))[''] };
    await plain.send([signedBy(stranger, ledger.submission(forged)), ledger.submission(unsigned)]);
    expect((await ledger.decided(unsigned))[0]!.type).toBe('voucher.claimed.v1');
    expect(ledger.verdict(forged.submissionId)).toBeUndefined();
    expect((await metric('unsigned_records_total'))['']).toBe(before + 1);
    await restart({ SUBMISSION_SIGNATURES: 'off' });
    await plain.send([signedBy(stranger, ledger.submission(forged))]);
    expect((await ledger.decided(forged))[0]!.type).toBe('voucher.claimed.v1');
  });
});

it('an upgrade is two rollouts: records from before `require` stay good, and for a restored ledger', async () => {
  await restart({ SUBMISSION_SIGNATURES: 'accept' });
  const voucherId = await ledger.define();
  const claimOf = (user: string) => ledger.claim(voucherId, user);
  const [early, late, forged, real] = [claimOf('early'), claimOf('late'), claimOf('forged'), claimOf('real')];
  const { databaseName } = ledger.settings;
  // A partition that has outcomes and was never read would halt after the restore.
  const first = claimOf('first');
  await ledger.submit(first);
  await ledger.decided(first);
  await ledger.app.close();
  await ledger.copyDatabase(databaseName, `${databaseName}_backup`);
  await ledger.startService();
  await plain.send([ledger.submission(early)]);
  await ledger.decided(early);
  await ledger.app.close();
  // It was written before the first ledger that requires signatures.
  await plain.send([ledger.submission(late)]);
  ledger.environment['SUBMISSION_SIGNATURES'] = 'require';
  await ledger.startService();
  await ledger.decided(late);
  await plain.send([ledger.submission(forged)]);
  await ledger.submit(real);
  await ledger.decided(real);
  expect(ledger.verdict(forged.submissionId)).toBeUndefined();
  await eventually('one lies in the quarantine', () => ledger.quarantined.length === 1);
  const told = ledger.of(voucherId).map(({ seq, type, submissionId }) => ({ seq, type, submissionId }));
  const requiredFrom = async (): Promise<unknown> =>
    (await ledger.pool.query('SELECT * FROM signatures_required ORDER BY partition')).rows;
  const stored = await requiredFrom();
  expect(stored).toHaveLength(PARTITIONS);

  const decidedLater: string[] = [];
  for (const restored of ['before', 'after']) {
    await ledger.app.close();
    if (restored === 'before') await ledger.copyDatabase(databaseName, `${databaseName}_later`);
    await ledger.copyDatabase(`${databaseName}_${restored === 'before' ? 'backup' : 'later'}`, databaseName);
    ledger.outcomes.length = 0;
    await ledger.startService();
    await ledger.ready();
    const next = claimOf(`next-${restored}`);
    await plain.send([{ ...ledger.submission(claimOf('mallory')) }]);
    await ledger.submit(next);
    await ledger.decided(next);
    if (restored === 'after') expect(await requiredFrom()).toEqual(stored);
    decidedLater.push(next.submissionId);
    const { rows } = await ledger.pool.query<{ seq: string; type: string; submissionId: string }>(
      `SELECT seq::int, type, submission_id AS "submissionId" FROM events WHERE voucher_id = $1 ORDER BY seq`,
      [voucherId],
    );
    expect(rows.slice(0, told.length).map((row) => ({ ...row, submissionId: row.submissionId ?? undefined }))).toEqual(
      told,
    );
    expect(rows.slice(told.length).map(({ submissionId }) => submissionId)).toEqual(decidedLater);
  }
});

it('keys are rotated without a pause: known everywhere, then signing, then dropped', async () => {
  const use = (...ids: string[]): Promise<void> =>
    restart({ SUBMISSION_SIGNATURES: 'require', SUBMISSION_KEYS: ids.map(keyOf).join() });
  const claimBy = async (id: string, voucherId: string): Promise<Submission> => {
    const claim = ledger.claim(voucherId, `user-of-${id}-${Math.random()}`);
    await plain.send([signedBy(new Signer(signingKeysIn(keyOf(id))), ledger.submission(claim))]);
    return claim;
  };
  await use('a', 'b');
  const voucherId = await ledger.define();
  const both = await Promise.all(['a', 'b'].map((id) => claimBy(id, voucherId)));
  expect((await ledger.decided(...both)).map(({ type }) => type)).toEqual(both.map(() => 'voucher.claimed.v1'));
  await use('b');
  const [old, present] = [await claimBy('a', voucherId), await claimBy('b', voucherId)];
  expect((await ledger.decided(present))[0]!.type).toBe('voucher.claimed.v1');
  expect(ledger.verdict(old.submissionId)).toBeUndefined();
  await eventually('the old key is unknown', () => ledger.quarantined.includes('its signature names an unknown key'));
});
