// The read model made again from the outcomes, in tables of their own beside the live ones, which services go on keeping
// meanwhile. Then the live ones are held for a moment, both are brought to the same position, compared, and
// the live ones replaced where they differ.
import { setTimeout as pause } from 'node:timers/promises';
import { endOffsets, topicIdentity } from '@vouchers/messaging';
import { createLogger, Database, loadSettings, Readiness } from '@vouchers/service';
import pg from 'pg';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { OutcomesProjector } from '../read-model/outcomes.projector.ts';
import { READ_MODEL_DATABASE, ReadModel } from '../read-model/read-model.ts';
import { PageDeliverySettings } from '../settings.ts';

export interface RebuildReport {
  outcomes: number;
  /** One line a row that differs, at most a few a table. */
  differences: string[];
}

const SCHEMA = 'rebuild';
/** What is compared. As jsonb: two states with their fields in another order are the same. */
const TABLES: Record<string, string> = {
  vouchers: 'voucher_id, seq, state::jsonb AS state',
  definitions_in_force: 'voucher_id, definition::jsonb AS definition',
  claims: 'claim_id, voucher_id, user_id, state, claim::jsonb AS claim',
  redemptions: 'redemption_id, claim_id, user_id, order_id, redemption::jsonb AS redemption',
  pushes: 'user_id, voucher_id',
  positions: 'partition, cluster_id, topic_id, next_offset, next_seq',
  parked_vouchers: 'voucher_id, partition',
};
const SHOWN = 20;
/** A live read model that does not come as far as the topic was at the start is not being kept. */
const LIVE_WITHIN_MS = 30_000;

interface Position {
  partition: number;
  topic: string;
  offset: number;
  seq: number;
}

/** The same database, where unqualified names mean this schema's. */
function inSchema(url: string, schema: string): string {
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${schema}`);
  return own.href;
}

/** Beside running services, or none. `environment`: of page-delivery. */
export async function rebuildReadModel(environment: NodeJS.ProcessEnv): Promise<RebuildReport> {
  const settings = loadSettings(PageDeliverySettings, environment);
  const logger = createLogger(settings);
  const readiness = new Readiness();
  const database = new Database(settings, logger, READ_MODEL_DATABASE, readiness);
  const platform = new PlatformKafka(settings, logger, readiness);
  const inOwnSchema = { ...environment, DATABASE_URL: inSchema(settings.databaseServer, SCHEMA) };
  const made = new ReadModel(loadSettings(PageDeliverySettings, inOwnSchema));
  const projector = new OutcomesProjector(platform, settings, database, made, new LedgerClient(settings), readiness);
  database.onApplicationBootstrap();
  platform.onApplicationBootstrap();
  try {
    await Promise.all([database.whenReady(), platform.whenReady()]);
    return await new ReadModelRebuild(settings, platform, projector, made).run();
  } finally {
    await projector.onApplicationShutdown();
    await Promise.all([
      platform.onApplicationShutdown(),
      made.onApplicationShutdown(),
      database.onApplicationShutdown(),
    ]);
  }
}

class ReadModelRebuild {
  private readonly client: pg.Client;

  /** @param projector one of its own, that writes `made`, whose tables are those of the schema `rebuild`. */
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly platform: PlatformKafka,
    private readonly projector: OutcomesProjector,
    private readonly made: ReadModel,
  ) {
    this.client = new pg.Client({ connectionString: settings.databaseUrl });
  }

  async run(): Promise<RebuildReport> {
    const { kafka, processId } = this.platform;
    await this.client.connect();
    try {
      await this.client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; CREATE SCHEMA ${SCHEMA}`);
      for (const table of Object.keys(TABLES))
        await this.client.query(`CREATE TABLE ${SCHEMA}.${table} (LIKE public.${table} INCLUDING ALL)`);
      const ends = await endOffsets(kafka, this.settings.topics.outcomes);
      await this.projector.follow(this.settings.group(`rebuild.${processId}`));
      while (!reached(await this.madeTo(), ends.map(Number))) {
        // Says why, where it would wait for ever.
        this.projector.mustFollow();
        await pause(100);
      }
      await this.projector.onApplicationShutdown();
      const { clusterId, topicId } = await topicIdentity(kafka, this.settings.topics.outcomes);
      const differences = await this.replace(`${clusterId}/${topicId}`);
      return { outcomes: ends.reduce((sum, end) => sum + Number(end), 0), differences };
    } finally {
      await this.client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
      await this.client.end();
    }
  }

  private async replace(topic: string): Promise<string[]> {
    // One that was made from another topic stands still: there is nothing to wait for, and nothing to catch up with.
    const ofThisTopic = (position: Position): boolean => position.topic === topic;
    const isBehind = async (): Promise<boolean> => {
      const made = await this.madeTo();
      const live = (await this.liveTo()).filter(ofThisTopic);
      return live.some(({ partition, seq }) => seq < (made.find((one) => one.partition === partition)?.seq ?? 0));
    };
    const until = performance.now() + LIVE_WITHIN_MS;
    while (performance.now() < until && (await isBehind())) await pause(100);
    await this.client.query('BEGIN');
    try {
      // The whole table, not its rows: a statement that waits for a row has taken its snapshot already, and would not
      // find the rows that replace the ones it changes.
      await this.client.query('LOCK TABLE public.positions IN EXCLUSIVE MODE');
      const { rows } = await this.client.query<{ revision: number }>(
        'SELECT COALESCE(max(revision), 0) AS revision FROM public.positions',
      );
      const { revision } = rows[0]!;
      for (const { partition, offset, seq } of (await this.liveTo()).filter(ofThisTopic))
        await this.projector.catchUp(partition, { offset, seq });
      const differences: string[] = [];
      for (const [table, columns] of Object.entries(TABLES)) differences.push(...(await this.compare(table, columns)));
      for (const table of differences.length > 0 ? Object.keys(TABLES) : []) {
        await this.client.query(`DELETE FROM public.${table}`);
        await this.client.query(`INSERT INTO public.${table} SELECT * FROM ${SCHEMA}.${table}`);
      }
      // Projectors and replicas remember what was there before: a revision that never was makes them forget it.
      if (differences.length > 0) await this.client.query('UPDATE public.positions SET revision = $1', [revision + 1]);
      await this.client.query('COMMIT');
      return differences;
    } catch (error) {
      await this.client.query('ROLLBACK');
      throw error;
    }
  }

  private async compare(table: string, columns: string): Promise<string[]> {
    const rows = (schema: string): string => `SELECT ${columns} FROM ${schema}.${table}`;
    const differences: string[] = [];
    for (const [what, one, other] of [
      ['live', 'public', SCHEMA],
      ['rebuilt', SCHEMA, 'public'],
    ] as const) {
      const text = `SELECT to_json(d)::text AS row FROM (${rows(one)} EXCEPT ${rows(other)}) d LIMIT ${SHOWN}`;
      const { rows: found } = await this.client.query<{ row: string }>(text);
      differences.push(...found.map(({ row }) => `${table}, only ${what}: ${row}`));
    }
    return differences;
  }

  private madeTo(): Promise<Position[]> {
    return this.made.rows<Position & pg.QueryResultRow>({ name: 'made-to', text: POSITIONS('positions') });
  }
  private async liveTo(): Promise<Position[]> {
    return (await this.client.query<Position>(POSITIONS('public.positions'))).rows;
  }
}

const POSITIONS = (table: string): string =>
  `SELECT partition, cluster_id || '/' || topic_id AS topic, next_offset::float8 AS "offset", next_seq::float8 AS seq
    FROM ${table}`;

function reached(positions: Position[], ends: number[]): boolean {
  const readTo = new Map(positions.map(({ partition, offset }) => [partition, offset]));
  return ends.every((end, partition) => (readTo.get(partition) ?? 0) >= end);
}
