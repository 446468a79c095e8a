// Makes a service's rows again from the outcomes, in tables beside the live ones, while the service goes on. Then it
// locks the live positions for a moment, brings both sides to the same position, compares them, and corrects the live
// rows that differ.
import { setTimeout as pause } from 'node:timers/promises';
import { endOffsets, topicIdentity, type TopicIdentity } from '@vouchers/messaging';
import { Readiness, type LedgerApi } from '@vouchers/service';
import pg from 'pg';
import type { ReadPosition } from './fenced.tables.ts';
import type { OutcomeHead } from './outcome.ts';
import { OutcomesFollower, type FollowerOptions } from './outcomes.follower.ts';

/** The schema of the rebuilt tables. */
export const REBUILT = 'rebuild';

/** A table of which each row follows from the outcomes. */
export interface RebuiltTable {
  name: string;
  /** The compared columns, in a form in which equal values are equal. If absent, the table is made but not compared. */
  columns?: string;
  /** Given if only a part of the table follows from the outcomes. */
  shared?: SharedTable;
}

/** A table of which only some columns follow from the outcomes. Its rows and other columns have another source. */
export interface SharedTable {
  /** Makes the table in the schema REBUILT, with a row for each live row, as it is before any outcome. */
  make: string;
  /** The rows of `schema` that are compared with those of the schema `other`. */
  compared(schema: string, other: string): string;
  /** Puts the live columns right. */
  mend: string;
}

export interface RebuildOptions<O extends OutcomeHead> extends Pick<
  FollowerOptions<O>,
  'kafka' | 'logger' | 'topic' | 'groupId' | 'databaseUrl' | 'projection'
> {
  ledger: LedgerApi;
  tables: readonly RebuiltTable[];
}

export interface RebuildReport {
  outcomes: number;
  /** One line per row that differs, at most 20 per table and side. */
  differences: string[];
}

const SHOWN = 20;
/** The longest wait until the live tables are as far as the rebuilt ones. If they are not, no service writes them. */
const LIVE_WITHIN_MS = 30_000;

interface PartitionPosition extends ReadPosition {
  partition: number;
  topic: string;
}

/** Rebuilds while services run, or while none runs. */
export async function rebuild<O extends OutcomeHead>(options: RebuildOptions<O>): Promise<RebuildReport> {
  const follower = new OutcomesFollower({
    ...options,
    name: 'rebuild',
    span: 'rebuild',
    schema: REBUILT,
    restMs: 0,
    whenReady: () => Promise.resolve(),
    readiness: new Readiness(),
  });
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  try {
    return await new Rebuild(options, follower, client).run();
  } finally {
    await follower.stop();
    await client.query(`DROP SCHEMA IF EXISTS ${REBUILT} CASCADE`);
    await client.end();
  }
}

/** Prints the report. @returns the exit code: 1 if rows differed */
export function tellRebuild({ outcomes, differences }: RebuildReport, what: string): number {
  console.log(`${outcomes} outcomes read, ${differences.length} differences`);
  for (const difference of differences) console.log(difference);
  if (differences.length === 0) return 0;
  console.log(`${what} the rebuilt one now.`);
  return 1;
}

class Rebuild<O extends OutcomeHead> {
  private readonly tables: readonly RebuiltTable[];

  constructor(
    private readonly options: RebuildOptions<O>,
    private readonly follower: OutcomesFollower<O>,
    private readonly client: pg.Client,
  ) {
    const columns = 'partition, cluster_id, topic_id, next_offset, next_seq';
    this.tables = [...options.tables, { name: options.projection.positions, columns }];
  }

  async run(): Promise<RebuildReport> {
    const { kafka, topic } = this.options;
    await this.makeTables();
    const ends = await endOffsets(kafka, topic);
    await this.follower.follow();
    while (!reached(await this.positionsOf(REBUILT), ends.map(Number))) {
      // It throws the reason if this would wait for ever.
      this.follower.mustFollow();
      await pause(100);
    }
    await this.follower.leave();
    const differences = await this.compareAndCorrect(await topicIdentity(kafka, topic));
    return { outcomes: ends.reduce((sum, end) => sum + Number(end), 0), differences };
  }

  private async makeTables(): Promise<void> {
    await this.client.query(`DROP SCHEMA IF EXISTS ${REBUILT} CASCADE; CREATE SCHEMA ${REBUILT}`);
    const like = (name: string): string => `CREATE TABLE ${REBUILT}.${name} (LIKE public.${name} INCLUDING ALL)`;
    for (const { name, shared } of this.tables) await this.client.query(shared?.make ?? like(name));
  }

  private async compareAndCorrect(identity: TopicIdentity): Promise<string[]> {
    const { client } = this;
    // Nobody writes tables that were made from another topic, so there is nothing to wait for.
    const live = async (): Promise<PartitionPosition[]> =>
      (await this.positionsOf('public')).filter(({ topic }) => topic === `${identity.clusterId}/${identity.topicId}`);
    await this.untilLiveIsAsFar(live);
    await client.query('BEGIN');
    try {
      const { positions } = this.options.projection;
      // The lock is on the whole table. A statement that waits for a row already has its snapshot, so it would not find
      // the rows that replace the ones it waits for.
      await client.query(`LOCK TABLE public.${positions} IN EXCLUSIVE MODE`);
      // Rows of an older release may not say what they were made from.
      await client.query(`UPDATE public.${positions} SET cluster_id = $1, topic_id = $2 WHERE cluster_id IS NULL`, [
        identity.clusterId,
        identity.topicId,
      ]);
      const { rows } = await client.query<{ revision: number }>(
        `SELECT COALESCE(max(revision), 0) AS revision FROM public.${positions}`,
      );
      for (const { partition, offset, seq } of await live()) await this.follower.catchUp(partition, { offset, seq });
      const differences: string[] = [];
      const compared = this.tables.filter(({ columns }) => columns !== undefined);
      for (const table of compared) differences.push(...(await this.compare(table)));
      if (differences.length > 0) {
        for (const table of compared) await this.mend(table);
        // Followers and replicas remember the rows from before. They forget them when the revision is a new one.
        await client.query(`UPDATE public.${positions} SET revision = $1`, [rows[0]!.revision + 1]);
      }
      await client.query('COMMIT');
      return differences;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  }

  private async untilLiveIsAsFar(live: () => Promise<PartitionPosition[]>): Promise<void> {
    const isBehind = async (): Promise<boolean> => {
      const made = new Map((await this.positionsOf(REBUILT)).map(({ partition, seq }) => [partition, seq]));
      return (await live()).some(({ partition, seq }) => seq < (made.get(partition) ?? 0));
    };
    const until = performance.now() + LIVE_WITHIN_MS;
    while (performance.now() < until && (await isBehind())) await pause(100);
  }

  private async compare({ name, columns, shared }: RebuiltTable): Promise<string[]> {
    const rows = (schema: string, other: string): string =>
      `SELECT ${columns} FROM ${shared?.compared(schema, other) ?? `${schema}.${name}`}`;
    const differences: string[] = [];
    for (const [what, one, other] of [
      ['live', 'public', REBUILT],
      ['rebuilt', REBUILT, 'public'],
    ] as const) {
      const difference = `${rows(one, other)} EXCEPT ${rows(other, one)}`;
      const text = `SELECT to_json(d)::text AS row FROM (${difference}) d LIMIT ${SHOWN}`;
      const { rows: found } = await this.client.query<{ row: string }>(text);
      differences.push(...found.map(({ row }) => `${name}, only ${what}: ${row}`));
    }
    return differences;
  }

  private async mend({ name, shared }: RebuiltTable): Promise<void> {
    const replace = `DELETE FROM public.${name}; INSERT INTO public.${name} SELECT * FROM ${REBUILT}.${name}`;
    await this.client.query(shared?.mend ?? replace);
  }

  private async positionsOf(schema: string): Promise<PartitionPosition[]> {
    const text = `SELECT partition, cluster_id || '/' || topic_id AS topic, next_offset::float8 AS "offset",
        next_seq::float8 AS seq
      FROM ${schema}.${this.options.projection.positions}`;
    return (await this.client.query<PartitionPosition>(text)).rows;
  }
}

function reached(positions: PartitionPosition[], ends: number[]): boolean {
  const readTo = new Map(positions.map(({ partition, offset }) => [partition, offset]));
  return ends.every((end, partition) => (readTo.get(partition) ?? 0) >= end);
}
