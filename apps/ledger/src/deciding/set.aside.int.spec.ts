import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFINITION_TYPE } from '@vouchers/contracts';
import { LedgerStore, SetAsideStore } from '@vouchers/event-store';
import { Quarantine, readQuarantine, topicIdentity } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { definitionOf, RunningLedger } from '../../testing/running-ledger.ts';

const users = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `user-${from + index}`);

describe('a record that Postgres refuses', () => {
  let ledger: RunningLedger;
  beforeAll(async () => {
    ledger = await new RunningLedger().start();
    await ledger.ready();
  }, 60_000);
  afterAll(() => ledger?.stop());

  beforeEach(() => void (ledger.quarantined.length = 0));
  afterEach(() => accept());

  /** Makes Postgres refuse these events. */
  async function refuse(condition: string, code: string): Promise<void> {
    await ledger.pool.query(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF ${condition} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '${code}'; END IF; RETURN NEW; END $$`);
    await ledger.pool.query(
      `CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
  }
  const accept = (): Promise<unknown> => ledger.pool.query('DROP TRIGGER IF EXISTS refuse ON events');

  it('for ever is refused as unreadable and quarantined, and its neighbours are decided', async () => {
    const voucherId = await ledger.define();
    await refuse(`NEW.user_id LIKE 'bad%'`, '54000');
    const good = users(0, 60).map((user) => ledger.claim(voucherId, user));
    const bad = ['bad-1', 'bad-2'].map((user) => ledger.claim(voucherId, user));
    await ledger.submit(...good.slice(0, 20), bad[0]!, ledger.push(voucherId, 'bad-3'), bad[1]!, ...good.slice(20));
    const verdicts = await ledger.decided(...good, ...bad);
    expect(verdicts.slice(0, 60).map(({ type }) => type)).toEqual(good.map(() => 'voucher.claimed.v1'));
    for (const { type, data } of verdicts.slice(60))
      expect({ type, reason: data.reason }).toEqual({ type: 'voucher.claim-refused.v1', reason: 'unreadable' });
    await eventually('they lie in the quarantine', () => ledger.quarantined.length === 3);
    expect(ledger.quarantined).toEqual([
      'SQLSTATE 54000: refused',
      'SQLSTATE 54000: refused',
      'SQLSTATE 54000: refused',
    ]);
    // This is final, even if Postgres would accept it now.
    await accept();
    await ledger.submit(bad[0]!);
    await eventually('the same is said again', () => {
      const said = ledger.outcomes.filter(({ submissionId }) => submissionId === bad[0]!.submissionId);
      return said.length === 2 && new Set(said.map(({ bytes }) => bytes)).size === 1;
    });
    expect((await ledger.get('/health/ready')).status).toBe(200);
  });

  it('and whose refusal it refuses, too, passes without an event', async () => {
    const voucherId = await ledger.define();
    const [bad, good] = [ledger.claim(voucherId, 'alice'), ledger.claim(voucherId, 'bob')];
    await refuse(`NEW.submission_id = '${bad.submissionId}'`, '54000');
    await ledger.submit(bad, good);
    const [verdict] = await ledger.decided(good);
    expect(verdict!.type).toBe('voucher.claimed.v1');
    expect(ledger.verdict(bad.submissionId)).toBeUndefined();
  });

  it('and that is a definition passes without an event, and the next version is decided', async () => {
    const voucherId = await ledger.define();
    await refuse(`NEW.data->'definition'->>'version' = '2'`, '22P05');
    const define = (version: number): Promise<void> =>
      ledger.producer.send([ledger.record(voucherId, DEFINITION_TYPE, definitionOf(voucherId, {}, version))]);
    await define(2);
    await define(3);
    await eventually('the third version is taken', () =>
      ledger.of(voucherId).some(({ data }) => data.definition?.version === 3),
    );
    expect(ledger.of(voucherId).flatMap(({ data }) => data.definition?.version ?? [])).toEqual([1, 3]);
  });

  it.each(['53100', '57014', '25006', '57P01', '40001'])(
    'for a while for an outside reason (%s) is never set aside',
    async (code) => {
      const voucherId = await ledger.define();
      const rolledBack = async (): Promise<number> => {
        const { rows } = await ledger.pool.query<{ count: number }>(
          'SELECT xact_rollback::int AS count FROM pg_stat_database WHERE datname = current_database()',
        );
        return rows[0]!.count;
      };
      const before = await rolledBack();
      await refuse('true', code);
      const claims = users(0, 30).map((user) => ledger.claim(voucherId, user));
      await ledger.submit(...claims);
      await eventually('it is tried again and again', async () => (await rolledBack()) >= before + 6);
      await accept();
      const verdicts = await ledger.decided(...claims);
      expect(verdicts.map(({ type }) => type)).toEqual(claims.map(() => 'voucher.claimed.v1'));
      expect(ledger.quarantined).toEqual([]);
    },
  );

  it('is set aside again by a ledger that was restored from an older backup', async () => {
    const voucherId = await ledger.define();
    const before = ledger.claim(voucherId, 'before');
    await ledger.submit(before);
    await ledger.decided(before);
    await ledger.app.close();
    const { databaseName } = ledger.settings;
    await ledger.copyDatabase(databaseName, `${databaseName}_backup`);
    await ledger.startService();
    await refuse(`NEW.user_id = 'bad'`, '54000');
    const bad = ledger.claim(voucherId, 'bad');
    const claims = [...users(0, 5).map((user) => ledger.claim(voucherId, user)), bad];
    await ledger.submit(...claims, ledger.claim(voucherId, 'user-0'));
    await ledger.producer.send([ledger.record(voucherId, 'nonsense', '{}')]);
    const last = ledger.claim(voucherId, 'last');
    await ledger.submit(last);
    await ledger.decided(...claims, last);
    await eventually('both lie in the quarantine', () => ledger.quarantined.length === 2);
    const told = ledger.of(voucherId).map(({ seq, type, submissionId }) => ({ seq, type, submissionId }));
    await ledger.app.close();
    await ledger.copyDatabase(`${databaseName}_backup`, databaseName);
    await ledger.startService();
    await eventually(
      'all records are decided again',
      () => ledger.outcomes.filter(({ submissionId }) => submissionId === last.submissionId).length > 1,
    );
    const again = ledger.of(voucherId).slice(told.length);
    for (const { seq, type, submissionId } of again) expect(told).toContainEqual({ seq, type, submissionId });
    const { rows } = await ledger.pool.query<{ reason: string }>('SELECT reason FROM events WHERE submission_id = $1', [
      bad.submissionId,
    ]);
    expect(rows).toEqual([{ reason: 'unreadable' }]);
    expect(ledger.quarantined.filter((reason) => reason.startsWith('SQLSTATE'))).toHaveLength(1);
  });
});

describe('the quarantine and operators’ orders', () => {
  let ledger: RunningLedger;
  beforeAll(async () => {
    ledger = await new RunningLedger().start();
    await ledger.ready();
  }, 60_000);
  afterAll(() => ledger?.stop());

  it('has only records of the same topic from an offset on', async () => {
    const { topics } = ledger.settings;
    const log = await topicIdentity(ledger.kafka, topics.submissions);
    const quarantine = new Quarantine(ledger.producer, topics.quarantine);
    const record = { offset: 0n, timestamp: 1, key: 'k', value: Buffer.from('v'), headers: {} };
    const at = (offset: bigint, partition = 1) => ({ topic: topics.submissions, partition, offset, log });
    await quarantine.put(record, at(3n), 'too early');
    await quarantine.put(record, { ...at(7n), log: { ...log, topicId: 'another' } }, 'of another topic');
    await quarantine.put(record, at(8n, 2), 'of another partition');
    await quarantine.put(record, at(9n), 'it');
    await quarantine.put(record, at(10n), 'silent', true);
    const reading = { topic: topics.quarantine, partition: 1, since: at(5n), groupId: ledger.topics.group('reading') };
    expect(await readQuarantine(ledger.kafka, { ...reading, from: 0n })).toEqual({
      end: 4n,
      records: [
        { at: 2n, offset: 9n, reason: 'it', silent: false },
        { at: 3n, offset: 10n, reason: 'silent', silent: true },
      ],
    });
    expect(await readQuarantine(ledger.kafka, { ...reading, from: 4n })).toEqual({ end: 4n, records: [] });
  });

  it('are carried out only for the named record of the same topic, and keep operator and reason', async () => {
    const store = new LedgerStore(ledger.settings.databaseUrl);
    const setAside = new SetAsideStore(store);
    const log = { clusterId: 'cluster', topicId: 'topic' };
    await setAside.order({ partition: 1, offset: 5, by: 'ops', why: 'it never fits' }, log);
    await setAside.order({ partition: 1, offset: 5, by: 'another', why: 'late' }, log);
    expect(await setAside.carryOut(1, 6, log)).toBeUndefined();
    expect(await setAside.carryOut(1, 5, { ...log, topicId: 'another' })).toBeUndefined();
    expect(await setAside.carryOut(1, 5, log)).toEqual({ partition: 1, offset: 5, by: 'ops', why: 'it never fits' });
    const { rows } = await ledger.pool.query('SELECT ordered_by, carried_out_at IS NOT NULL AS done FROM skip_orders');
    expect(rows).toEqual([{ ordered_by: 'ops', done: true }]);
    await store.end();
  });
});
