// Each guard of the platform, and how to remove it. Without it, an invariant must be violated.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../places.ts';

/** One removed guard: an expression of the built code is replaced, or a constraint of the ledger is dropped. */
export interface Mutation {
  readonly guard: string;
  readonly change:
    { readonly file: string; readonly find: string; readonly replace: string } | { readonly sql: string };
  /** The fault that must show that the guard is missing. */
  readonly fault: string;
}

const changed = (guard: string, fault: string, file: string, find: string, replace: string): Mutation => ({
  guard,
  fault,
  change: { file, find, replace },
});
const dropped = (guard: string, sql: string, fault = 'rogue-writer'): Mutation => ({ guard, fault, change: { sql } });

export const MUTATIONS: readonly Mutation[] = [
  changed(
    'the ledger’s fence: a batch is written only if the cursor is at the expected place',
    'former-owner-moves-cursor',
    'libs/event-store/dist/append.statement.js',
    'next_offset = $2::int8 AND next_seq = $3::int8 RETURNING',
    '$2::int8 + $3::int8 > 0 RETURNING',
  ),
  changed(
    'page-delivery’s fence: a batch is projected only if the position is the expected one',
    'former-projector',
    'libs/outcomes/dist/fenced.tables.js',
    'next_offset = ${value(2)} AND next_seq = ${value(3)} AND revision = ${value(4)}',
    '${value(2)}::int8 + ${value(3)}::int8 + ${value(4)}::int8 >= 0',
  ),
  changed(
    'the duplicate check: a decided submission is not decided again',
    'repeated-records',
    'apps/ledger/dist/knowledge/partition.knowledge.js',
    'for(let index = this.unwritten.length - 1; index >= 0; index -= 1)if (this.unwritten[index].decided.has(',
    'return false; if ((',
  ),
  changed(
    'a repeat’s decision is published again, for waiting requests',
    'ledger-killed-at-random',
    'apps/ledger/dist/deciding/decide.js',
    'draft.repeats.push(value.submissionId);',
    '',
  ),
  dropped('one decision per submission (unique index)', 'DROP INDEX events_one_decision', 'repeated-records'),
  dropped('one decision per submission (unique index), by hand', 'DROP INDEX events_one_decision'),
  dropped('one push per user (unique index)', 'DROP INDEX events_one_push'),
  dropped('one event per version (unique index)', 'DROP INDEX events_one_version'),
  dropped('one event per place (primary key)', 'ALTER TABLE events DROP CONSTRAINT events_pkey'),
  dropped('free units are never below 0 (check)', 'ALTER TABLE vouchers DROP CONSTRAINT vouchers_free_check'),
  dropped('events are never changed (grant)', 'GRANT UPDATE, DELETE ON events TO voucher_ledger'),
  dropped('hashes are never changed (grant)', 'GRANT UPDATE, DELETE ON chain TO voucher_ledger'),
  changed(
    'every send has a deadline',
    'link-page-delivery-kafka',
    'libs/messaging/dist/record.producer.js',
    'timer: setTimeout(()=>this.#expire(sending), this.#deadlineMs)',
    'timer: setTimeout(()=>undefined, 0)',
  ),
  changed(
    'after a failed request, another connection and another producer id',
    'link-page-delivery-kafka',
    'libs/messaging/dist/record.producer.js',
    'this.#abandon(connection, error);',
    '',
  ),
  changed(
    'every query has a deadline',
    'link-ledger-postgres',
    'libs/event-store/dist/session.js',
    'queryMs = 9_000',
    'queryMs = 0',
  ),
  changed(
    'the relay goes on only when Kafka has acknowledged',
    'link-ledger-kafka',
    'libs/event-store/dist/outcomes.relay.js',
    'await this.options.publish(events);',
    'void this.options.publish(events).catch(()=>undefined);',
  ),
  changed(
    'a hole in seq is filled from the ledger',
    'outcomes-cut',
    'libs/outcomes/dist/followed.partition.js',
    'for(; next < outcome.seq; next',
    'for(; next < 0; next',
  ),
  changed(
    'the cursor belongs to one cluster and one topic',
    'topic-recreated',
    'libs/event-store/dist/ledger.store.js',
    'cluster !== log.clusterId || topic !== log.topicId',
    'false',
  ),
  changed(
    'a ledger that has read nothing has published nothing',
    'postgres-emptied',
    'apps/ledger/dist/deciding/owned.partitions.js',
    'if (!hasRead(now)) throw',
    'if (now.nextSeq < 0) throw',
  ),
  changed(
    'a cursor outside of the log halts its partition',
    'submissions-cut',
    'libs/messaging/dist/starting-offsets.js',
    'throw new Halt(outsideOf(wanted, range));',
    'return range.low;',
  ),
  changed(
    'an unreadable record is quarantined before its batch is committed',
    'poison',
    'apps/ledger/dist/deciding/commit.js',
    'draft.quarantined.map((aside)=>this.quarantine(aside))',
    '[]',
  ),
  changed(
    'a record whose signature is refused is not decided',
    'forged-records',
    'apps/ledger/dist/deciding/submission.reader.js',
    'const forged = check?.(record, type);',
    'const forged = undefined;',
  ),
  changed(
    'page-delivery takes no definition whose signature is refused',
    'forged-records',
    'apps/page-delivery/dist/read-model/compacted.topic.js',
    'else if (this.isRefused(partition, record)) refused.push(record);',
    '',
  ),
  changed(
    'a time far from the broker’s is replaced by it',
    'clocks-off',
    'libs/voucher/dist/clock.js',
    'Math.abs(at - brokerTime) <= TOLERANCE_MS ? at : brokerTime',
    'at',
  ),
  changed(
    'a submission is stored before it is answered as pending',
    'ledger-killed-before-commit',
    'apps/page-delivery/dist/submissions/submission-desk.js',
    'if (!await this.pending.keep(submission)) throw reused(submissionId);',
    '',
  ),
  changed(
    'versions that a crash left unsent are sent',
    'config-killed',
    'apps/config/dist/outbox/outbox.publisher.js',
    '()=>this.sweep()',
    'async ()=>undefined',
  ),
  changed(
    'a relay that could not start is started again',
    'assigned-without-postgres-ledger',
    'libs/event-store/dist/outcomes.relay.js',
    'if (this.started) return;',
    'if (this.started || this.tried) return; this.tried = true;',
  ),
  changed(
    'a record that fails alone is set aside',
    'unwritable-ledger',
    'libs/messaging/dist/isolation.js',
    'isOwn && alone.failures >= 2 && othersGoOn',
    'false',
  ),
  changed(
    'a fault of Postgres or Kafka sets no record aside',
    'stuck-record',
    'libs/messaging/dist/failure-cause.js',
    'SYSTEM_ERROR.test(code) || INFRASTRUCTURE_STATES.test(code)',
    'SYSTEM_ERROR.test(code)',
  ),
  changed(
    'a refused order call gives back what it has reserved',
    'orders-at-once',
    'apps/page-delivery/dist/orders/order.call.js',
    'locked.length > 0',
    'locked.length < 0',
  ),
  changed(
    'a quarantined record is set aside again',
    'quarantine-restored',
    'apps/ledger/dist/deciding/select.js',
    'const earlier = quarantined.get(offset);',
    'const earlier = undefined;',
  ),
  changed(
    'a voucher that page-delivery cannot follow is parked',
    'unwritable-page-delivery',
    'libs/outcomes/dist/outcomes.follower.js',
    'aside ? own.setAside(batch, aside) : own.follow(batch)',
    'own.follow(batch)',
  ),
  changed(
    'a voucher that config cannot follow is parked',
    'unwritable-config',
    'libs/outcomes/dist/outcomes.follower.js',
    'aside ? own.setAside(batch, aside) : own.follow(batch)',
    'own.follow(batch)',
  ),
];

/** Guards that are not in the built code exactly once, so this list must be updated. */
export const lostGuards = (): string[] =>
  MUTATIONS.filter(({ change }) => {
    if ('sql' in change) return false;
    return readFileSync(join(ROOT, change.file), 'utf8').split(change.find).length !== 2;
  }).map(({ guard }) => guard);

/** The environment that makes a service start with the change. */
export function mutated({ change }: Mutation): Record<string, string> {
  if ('sql' in change) return {};
  return {
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'mutate.mjs')).href}`,
    MUTATION: JSON.stringify(change),
  };
}
