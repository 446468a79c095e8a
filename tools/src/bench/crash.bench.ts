// P1's backlog with one kill -9 of the ledger half way. Each claim has one decision, user, unit and outcome.
import type pg from 'pg';
import { HEADERS } from '@vouchers/contracts';
import type { Bench } from './bench.ts';
import { expectEqual, expectTrue } from './expect.ts';
import { headersIn, topicOf } from './kafka.records.ts';
import { backlogOf } from './ledger/backlog.ts';
import { drain } from './ledger/drain.ts';
import { shown } from './samples.ts';

export const crash: Bench = {
  ids: ['crash'],
  async run(stage, sizes) {
    const namespace = stage.namespace('crash');
    const voucherIds = await backlogOf(stage, namespace, sizes);
    const work = { namespace, voucherIds, granted: sizes.claims, killed: true };
    const { written, published, death } = await drain(stage, work);
    expectTrue(`it was killed amid its work, ${death!.at} records done`, death!.at < sizes.claims);
    const database = await stage.database(namespace, 'ledger');
    const { decisions, events, last } = await eventsIn(database);
    await database.end();
    expectEqual('seq of the last event of each partition, together', last, events);
    const outcomes = new Set<string>();
    const topic = topicOf(namespace, 'outcomes');
    await headersIn(stage.infrastructure.brokers, topic, HEADERS.id, (id) => outcomes.add(id));
    expectEqual('different outcomes in Kafka', outcomes.size, written);
    const again = published - written;
    return [
      {
        id: 'crash',
        what: `${shown(sizes.claims)} claims of one hot voucher in Kafka, kill -9 of the ledger half way: claims lost, or decided twice`,
        values: [Math.abs(sizes.claims - decisions)], // a submission's id is in at most one decision
        unit: 'claims',
        goal: { sense: 'at most', target: 0, stretch: 0 },
        ours: `${decisions} decisions, claims, users and units counted; ${events} events without a hole, each in Kafka, ${again} of them again`,
        baseline: `${sizes.claims} claims submitted`,
        seen: `killed with ${death!.at} records done, ready again after ${(death!.awayMs / 1_000).toFixed(1)} s`,
      },
    ];
  },
};

/** `last` is the sum of each partition's last seq. Without a hole it equals the number of events. */
async function eventsIn(database: pg.Client): Promise<{ decisions: number; events: number; last: number }> {
  const { rows } = await database.query<{ decisions: number; events: number; last: number }>(
    `SELECT sum(decisions)::int AS decisions, sum(events)::int AS events, sum(last)::int AS last FROM (
       SELECT count(DISTINCT submission_id) AS decisions, count(*) AS events, max(seq) AS last
       FROM events GROUP BY partition
     ) partitions`,
  );
  return rows[0]!;
}
