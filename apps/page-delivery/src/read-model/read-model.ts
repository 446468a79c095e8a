// page-delivery's database, asked by pg itself: prepared statements on the paths of pages and claims.
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { unavailable, type DatabaseOptions } from '@vouchers/service';
import pg from 'pg';
import { PageDeliverySettings } from '../settings.ts';
import { PendingKeptAt1700000000002, ReadModel1700000000001 } from './read-model.migration.ts';

/** A statement prepared once a connection, known by its name. */
export interface Statement {
  name: string;
  text: string;
}

/** How the database is made. TypeORM's own connections are for its migrations and health alone. */
export const READ_MODEL_DATABASE: DatabaseOptions = {
  entities: [],
  migrations: [ReadModel1700000000001, PendingKeptAt1700000000002],
  poolSize: 2,
};

@Injectable()
export class ReadModel implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(settings: PageDeliverySettings) {
    this.pool = new pg.Pool({
      connectionString: settings.databaseUrl,
      max: 10,
      connectionTimeoutMillis: 2_000,
      query_timeout: 8_000,
      keepAlive: true,
      // A query without its answer ends before the consumer's session does.
      options: '-c lock_timeout=4000 -c idle_in_transaction_session_timeout=6000 -c transaction_timeout=7000',
    });
    // An idle connection that breaks is replaced by the next query's.
    this.pool.on('error', () => undefined);
  }

  /** Rows of one statement. 503 while Postgres is away. */
  async rows<Row extends pg.QueryResultRow>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>({ ...statement, values })).rows;
    } catch (error) {
      throw isAway(error) ? unavailable('Postgres is away.') : error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

/** Connection lost or refused, server stopping or out of connections: not the fault of what was asked. */
function isAway(error: unknown): boolean {
  const { code } = error as { code?: string };
  // A database not yet made or migrated (3D000, 42P01) is away, too. Without a code: pg's own word for a lost connection.
  return code === undefined || /^(E[A-Z]+|08...|53...|57P..|25P04|3D000|42P01)$/.test(code);
}
