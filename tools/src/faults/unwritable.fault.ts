// Postgres refuses a record for ever (54000, an index row too large). Each consumer sets only that record aside.
import { randomBytes, randomUUID } from 'node:crypto';
import { HEADERS } from '@vouchers/contracts';
import { ledgerSnapshot, readTopics } from './evidence.ts';
import type { Fault } from './fault.ts';
import { backedUp } from './log-and-tables.fault.ts';
import { runStatements } from './operator.ts';
import { lastFaults } from './patience.ts';
import { append, claimsOf, type RawRecord } from './records.ts';
import type { Stage } from './stage.ts';

/** Ids and names with this prefix are refused. */
export const MARK = 'marked:';
const SOME = 5;
/** A record is stuck when it has failed alone for 60 s. On a busy machine the search for it takes half a minute. */
const STUCK_WITHIN_MS = 120_000;
/** Too large for an index. It is random, since Postgres compresses repetitions. */
const LENGTHS = [2_664, 2_668, 2_672, 2_700, 3_000];

/** Refuses rows that meet a condition, with the code of an index row that is too large, or with another code. */
export const refusing = (
  table: string,
  condition: string,
  { of = 'INSERT OR UPDATE', code = '54000' }: { of?: string; code?: string } = {},
): string[] => [
  `CREATE OR REPLACE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'this row is not taken' USING ERRCODE = '${code}'; END $$`,
  `CREATE TRIGGER refuse_row BEFORE ${of} ON ${table} FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION refuse_row()`,
];
export const TAKING_AGAIN = 'DROP FUNCTION refuse_row CASCADE';

const longUserIds = (): string[] => LENGTHS.map((length) => randomBytes(length).toString('base64url').slice(0, length));
const markedUserIds = (): string[] => Array.from({ length: SOME }, () => `${MARK}${randomUUID()}`);

/** From now on the ledger's Postgres refuses rows of marked users. */
async function refuseMarked(stage: Stage, code = '54000'): Promise<void> {
  const marked = `NEW.user_id LIKE '${MARK}%'`;
  for (const table of ['events', 'claims', 'voucher_users'])
    await runStatements(stage.databaseUrl('ledger'), ...refusing(table, marked, { code }));
}

/** Makes claims of these users between claims of others. @returns the users' claims, with their places */
async function claimBetweenOthers(
  stage: Stage,
  userIds: readonly string[],
): Promise<{ record: RawRecord; offset: number }[]> {
  const others = (): string => `nobody-${randomUUID()}`;
  const records = await claimsOf(
    stage,
    userIds.flatMap((userId) => [others(), userId, others()]),
  );
  const offsets = await append(stage, stage.topics.submissions, records);
  return records.flatMap((record, index) => (index % 3 === 1 ? [{ record, offset: offsets[index]! }] : []));
}

/**
 * Waits until each record is refused as unreadable and is in the quarantine unchanged.
 * @returns the differences when time is up
 */
function notSetAside(stage: Stage, sent: readonly { record: RawRecord; offset: number }[]): Promise<string[]> {
  return lastFaults(stage.healsWithinMs, async () => {
    const { events } = await ledgerSnapshot(stage.databaseUrl('ledger'));
    const { quarantine } = await readTopics(stage.brokers, stage.topics, ['quarantine']);
    const kept = new Set(
      quarantine.map(({ headers }) => `${headers['quarantine_partition']}:${headers['quarantine_offset']}`),
    );
    return sent.flatMap(({ record: { partition, headers }, offset }) => {
      const id = headers[HEADERS.submissionId]!;
      const reasons = events.filter(({ submissionId }) => submissionId === id).map(({ data }) => data.reason);
      const place = `${partition}:${offset}`;
      if (reasons.join() !== 'unreadable') return [`aside: ${place} was decided as ${reasons.join() || 'nothing'}`];
      return kept.has(place) ? [] : [`aside: ${place} is not in the quarantine`];
    });
  });
}

const IN_LEDGER: Fault = {
  name: 'unwritable-ledger',
  title: 'Postgres refuses claims for ever by 54000: each is refused as unreadable and quarantined, the rest goes on',
  inject: async (stage) => {
    await refuseMarked(stage);
    const sent = await claimBetweenOthers(stage, markedUserIds());
    // A request for such a claim gets this answer, even if it was answered as pending first.
    const path = `/v1/vouchers/${stage.voucherIds[1]}/claims`;
    const key = `${MARK}${randomUUID()}`;
    const answer = await stage.settle({ service: 'page-delivery', method: 'POST', path, userId: key, key });
    const unrefused = answer.body?.reason === 'unreadable' ? [] : [`aside: a claim was answered ${answer.status}`];
    await stage.load.more(30);
    const faults = [...unrefused, ...(await notSetAside(stage, sent))];
    await runStatements(stage.databaseUrl('ledger'), TAKING_AGAIN);
    // A decision is final, even if Postgres would take the record now.
    await append(
      stage,
      stage.topics.submissions,
      sent.map(({ record }) => record),
    );
    await stage.services.kill('ledger');
    await stage.services.restart('ledger');
    await stage.load.more(20);
    return [...faults, ...(await notSetAside(stage, sent))];
  },
};

export const QUARANTINE_RESTORED: Fault = {
  name: 'quarantine-restored',
  title:
    'the ledger’s Postgres is restored from a backup older than some quarantined records: it decides the same again',
  inject: async (stage) => {
    const { load, services } = stage;
    const putBack = await backedUp(stage);
    await load.more(20);
    await refuseMarked(stage);
    const sent = await claimBetweenOthers(stage, markedUserIds());
    await load.more(30);
    const before = await notSetAside(stage, sent);
    // The backup refuses none of them.
    await putBack();
    await services.restart('ledger');
    await load.more(30);
    return [...before, ...(await notSetAside(stage, sent))];
  },
};

const LONG_IDS: Fault = {
  name: 'long-user-ids',
  title: 'claims in the topic by users whose ids have 2,664 to 3,000 characters: each is refused, the rest goes on',
  inject: async (stage) => {
    const sent = await claimBetweenOthers(stage, longUserIds());
    await stage.load.more(30);
    return notSetAside(stage, sent);
  },
};

const STUCK: Fault = {
  name: 'stuck-record',
  title:
    'Postgres refuses one claim by 53100 (disk full): it is not set aside, reported after 60 s, and decided afterwards',
  inject: async (stage) => {
    const { services, load, healsWithinMs } = stage;
    await refuseMarked(stage, '53100');
    const [claim] = await claimsOf(stage, [`${MARK}${randomUUID()}`]);
    const [offset] = await append(stage, stage.topics.submissions, [claim!]);
    const unreported = await saysStuck(stage, claim!.partition, offset!);
    await runStatements(stage.databaseUrl('ledger'), TAKING_AGAIN);
    await services.ready(healsWithinMs);
    await load.more(30);
    const { events } = await ledgerSnapshot(stage.databaseUrl('ledger'));
    const decision = events.find(({ submissionId }) => submissionId === claim!.headers[HEADERS.submissionId]);
    return decision && decision.data.reason !== 'unreadable'
      ? unreported
      : [...unreported, `aside: it was decided as ${decision?.data.reason ?? 'nothing'}`];
  },
};

/** Expects that the ready answer names the record that waits for an operator. */
function saysStuck(stage: Stage, partition: number, offset: number): Promise<string[]> {
  return lastFaults(STUCK_WITHIN_MS, async () => {
    const answer = await fetch(`${stage.services.urls.ledger}/health/ready`);
    const said = `${answer.status} ${await answer.text()}`;
    const named = said.startsWith('503') && said.includes(`partition ${partition}: record ${offset}`);
    return named ? [] : [`stuck: readiness says ${said}`];
  });
}

export const UNWRITABLE: readonly Fault[] = [IN_LEDGER, STUCK, LONG_IDS];
