// page-delivery's database, asked by pg itself: prepared statements on the paths of pages and claims.
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseAway, unavailable, type DatabaseOptions } from '@vouchers/service';
import pg from 'pg';
import { ParkedVouchers1764460000020 } from '../parked/parked.migration.ts';
import { PageDeliverySettings } from '../settings.ts';
import {
  NewestRecords1764460000012,
  PendingByAge1764460000015,
  PendingKeptAt1700000000002,
  ReadModel1700000000001,
} from './read-model.migration.ts';

/** A statement prepared once a connection, known by its name. */
export interface Statement {
  name: string;
  text: string;
}

/** How the database is made. TypeORM's own connections are for its migrations and health alone. */
export const READ_MODEL_DATABASE: DatabaseOptions = {
  entities: [],
  migrations: [
    ReadModel1700000000001,
    PendingKeptAt1700000000002,
    NewestRecords1764460000012,
    PendingByAge1764460000015,
    ParkedVouchers1764460000020,
  ],
  poolSize: 2,
};

@Injectable()
export class ReadModel implements OnApplicationShutdown {
  private readonly pool: pg.Pool;
  /** The projector's. What it writes it can write again, position and all: no commit of its waits for the disk. */
  private readonly projections: pg.Pool;

  constructor(settings: PageDeliverySettings) {
    this.pool = connect(settings, 10);
    this.projections = connect(settings, 2, '-c synchronous_commit=off');
  }

  /** Rows of one statement. 503 while Postgres is away. */
  rows<Row extends pg.QueryResultRow>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    return ask<Row>(this.pool, statement, values);
  }

  /** The same, of a statement that writes what follows from the outcomes and may be lost with the position it moves. */
  project<Row extends pg.QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    return ask<Row>(this.projections, statement, values);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pool.end(), this.projections.end()]);
  }
}

async function ask<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  { name, text }: Statement,
  values: unknown[],
): Promise<Row[]> {
  try {
    return (await pool.query<Row>({ name, text, values })).rows;
  } catch (error) {
    throw isDatabaseAway(error) ? unavailable('Postgres is away.') : error;
  }
}

function connect(settings: PageDeliverySettings, max: number, options = ''): pg.Pool {
  const pool = new pg.Pool({
    connectionString: settings.databaseUrl,
    max,
    connectionTimeoutMillis: 2_000,
    query_timeout: 8_000,
    keepAlive: true,
    // A query without its answer ends before the consumer's session does.
    options: `-c lock_timeout=4000 -c idle_in_transaction_session_timeout=6000 -c transaction_timeout=7000 ${options}`,
  });
  // An idle connection that breaks is replaced by the next query's.
  return pool.on('error', () => undefined);
}
