// starts: a ledger starts with vouchers of very many users. It must fit its heap, and decide before it has read them.
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Bench, Figure } from './bench.ts';
import { fill } from './kafka.records.ts';
import { megabytes, residentBytes } from './process.meter.ts';
import { shown } from './samples.ts';
import type { Stage } from './stage.ts';
import { publishVouchers } from './vouchers.ts';

/** Enough vouchers that each partition has one. */
const PUBLISHED = 120;
const LARGE_USERS = 250_000;
const LARGE_STARTS = 3;
/** The length of names that some identity providers make. Unit: characters. */
const NAME_LENGTH = 120;
const GIANT_STARTS = 10;
const USERS_A_STATEMENT = 250_000;
const LOOK_MS = 2;
const DECIDED_WITHIN_MS = 120_000;
/** How long memory is measured while users are read beside the claims. */
const READING_MS = 20_000;

interface Voucher {
  readonly partition: number;
  readonly id: string;
}

export const starts: Bench = {
  ids: ['starts'],
  async run(stage, { earlier }) {
    const namespace = stage.namespace('starts');
    const config = await stage.services(namespace, ['config']);
    await publishVouchers(stage, config.urls.config, PUBLISHED);
    await config.stop();
    const first = await stage.services(namespace, ['ledger']);
    const database = await stage.database(namespace, 'ledger');
    const vouchers = await onePerPartition(database);
    await first.stop();
    for (const voucher of vouchers) await addUsers(database, voucher, LARGE_USERS, NAME_LENGTH);
    await database.query('VACUUM ANALYZE');
    const large = await startLarge(stage, namespace, database, vouchers);
    await addUsers(database, vouchers[0]!, earlier, 0);
    await database.query('VACUUM ANALYZE');
    stage.say(`  one voucher has ${shown(LARGE_USERS + earlier)} users`);
    const giant = await startGiant(stage, namespace, database, vouchers[0]!, LARGE_USERS + earlier);
    await database.end();
    return [large, giant];
  },
};

/** The first voucher of each partition, after the ledger has read all of them. */
async function onePerPartition(database: pg.Client): Promise<Voucher[]> {
  await eventually(`${PUBLISHED} vouchers are defined`, async () => {
    const { rows } = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM vouchers');
    return rows[0]!.count === PUBLISHED;
  });
  const { rows } = await database.query<Voucher>(
    'SELECT DISTINCT ON (partition) partition, voucher_id AS id FROM vouchers ORDER BY partition, voucher_id',
  );
  return rows;
}

/** Adds rows of users that have a push. No ledger may run meanwhile. */
async function addUsers(database: pg.Client, { partition, id }: Voucher, count: number, length: number): Promise<void> {
  for (let from = 1; from <= count; from += USERS_A_STATEMENT) {
    const to = Math.min(from + USERS_A_STATEMENT - 1, count);
    await database.query(
      `INSERT INTO voucher_users (partition, voucher_id, user_id, pushed, claims)
       SELECT $1, $2, lpad(to_hex(n * 2654435761 % 4294967296), greatest($5, 8), 'early-'), true, 0
       FROM generate_series($3::bigint, $4::bigint) n`,
      [partition, id, from, to, length],
    );
  }
  await database.query(
    `UPDATE vouchers SET counters = jsonb_set(counters, '{pushed}', to_jsonb((counters->>'pushed')::bigint + $3::bigint))
     WHERE partition = $1 AND voucher_id = $2`,
    [partition, id, count],
  );
}

/** Kills and starts the ledger several times, each time with a claim of every voucher. */
async function startLarge(
  stage: Stage,
  namespace: string,
  database: pg.Client,
  vouchers: readonly Voucher[],
): Promise<Figure> {
  const [peaks, firsts]: [number[], number[]] = [[], []];
  for (let start = 0; start < LARGE_STARTS; start += 1) {
    const ledger = await stage.services(namespace, ['ledger']);
    firsts.push(await decidedMs(stage, namespace, database, vouchers, start * vouchers.length));
    let peak = 0;
    for (const until = performance.now() + READING_MS; performance.now() < until; await pause(100)) {
      const resident = residentBytes(ledger.processIds().ledger);
      if (resident === undefined) throw new Error('the ledger died');
      peak = Math.max(peak, resident);
    }
    peaks.push(peak);
    await ledger.kill('ledger');
    await ledger.stop();
  }
  return {
    id: 'starts large',
    what: `a ledger starts with ${vouchers.length} vouchers of ${shown(LARGE_USERS)} users, names of ${NAME_LENGTH} characters, one a partition: highest resident memory`,
    values: peaks.map((bytes) => bytes / 1e6),
    unit: 'MB',
    ours: `killed and started ${LARGE_STARTS} times: ${peaks.map(megabytes).join(', ')}; a claim of each decided after ${firsts.map(Math.round).join(', ')} ms`,
    baseline: '',
  };
}

async function startGiant(
  stage: Stage,
  namespace: string,
  database: pg.Client,
  voucher: Voucher,
  users: number,
): Promise<Figure> {
  const values: number[] = [];
  for (let start = 0; start < GIANT_STARTS; start += 1) {
    const ledger = await stage.services(namespace, ['ledger']);
    values.push(await decidedMs(stage, namespace, database, [voucher], 1_000 + start));
    await ledger.stop();
  }
  return {
    id: 'starts giant',
    what: `a ledger that has just started decides the first claim of a voucher of ${shown(users)} users`,
    values,
    unit: 'ms',
    goal: { sense: 'at most', target: 300, stretch: 100 },
    ours: `${GIANT_STARTS} starts, from the claim's making until it is in the tables`,
    baseline: '',
  };
}

/** Makes one claim of each voucher by new users. @returns milliseconds until the last one is in the tables */
async function decidedMs(
  stage: Stage,
  namespace: string,
  database: pg.Client,
  vouchers: readonly Voucher[],
  firstUser: number,
): Promise<number> {
  const claimed = async (): Promise<{ count: number; made: number }> => {
    const { rows } = await database.query<{ count: number; made: number }>(
      `SELECT sum((v.counters->>'claimed')::int)::int AS count,
         max(extract(epoch FROM e.occurred_at) * 1000)::float8 AS made
       FROM vouchers v JOIN events e ON e.partition = v.partition AND e.seq = v.head_seq
       WHERE v.voucher_id = ANY ($1)`,
      [vouchers.map(({ id }) => id)],
    );
    return rows[0]!;
  };
  const before = (await claimed()).count;
  const voucherIds = vouchers.map(({ id }) => id);
  const backlog = { namespace, voucherIds, claims: vouchers.length, firstUser };
  const sent = fill(stage.infrastructure.brokers, backlog, () => undefined);
  let at = 0;
  await eventually('each claim is decided', async () => {
    const { count, made } = await claimed();
    if (count < before + vouchers.length) return false;
    at = Date.now() - made;
    return true;
  });
  await sent;
  return at;
}

async function eventually(what: string, probe: () => Promise<boolean>): Promise<void> {
  for (const until = performance.now() + DECIDED_WITHIN_MS; !(await probe()); await pause(LOOK_MS))
    if (performance.now() > until) throw new Error(`not within ${DECIDED_WITHIN_MS / 1_000} s: ${what}`);
}
