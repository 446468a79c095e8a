import pg from 'pg';
import type { Ask } from './parked/parked.tables.ts';

/** A statement prepared once per connection, known by its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs a statement and returns its rows. */
export type AskStatement = <Row extends pg.QueryResultRow>(
  statement: Statement,
  values?: readonly unknown[],
) => Promise<Row[]>;

/** One batch is written while the next one is read. More connections would only take memory. */
const CONNECTIONS = 2;
const OPTIONS = [
  // No commit waits for the disk. A batch that is lost is lost with its position, so it is written again.
  'synchronous_commit=off',
  // A query without an answer ends before the consumer's session ends.
  'lock_timeout=4000',
  'idle_in_transaction_session_timeout=6000',
  'transaction_timeout=7000',
];

/** A follower's own connections to its service's database. */
export class OutcomesDatabase {
  private readonly pool: pg.Pool;

  /** @param schema where unqualified names of tables are looked up, if not in the default one */
  constructor(url: string, schema?: string) {
    const options = schema === undefined ? OPTIONS : [...OPTIONS, `search_path=${schema}`];
    this.pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: 2_000,
      query_timeout: 8_000,
      keepAlive: true,
      options: options.map((option) => `-c ${option}`).join(' '),
    });
    // The next query replaces an idle connection that breaks.
    this.pool.on('error', () => undefined);
  }

  readonly ask: AskStatement = async <Row extends pg.QueryResultRow>(
    { name, text }: Statement,
    values: readonly unknown[] = [],
  ): Promise<Row[]> => (await this.pool.query<Row>({ name, text, values: [...values] })).rows;

  /** Runs a statement that is rare, so it is not prepared. */
  readonly askText: Ask = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await this.pool.query(text, values)).rows as Row[];

  async end(): Promise<void> {
    await this.pool.end();
  }
}
