// Queries page-delivery's database directly with pg, so that the statements for pages and claims are prepared.
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Statement } from '@vouchers/outcomes';
import { isDatabaseAway, unavailable, type DatabaseOptions } from '@vouchers/service';
import pg from 'pg';
import { Orders1764460000370 } from '../orders/orders.migration.ts';
import { ParkedVouchers1764460000020 } from '../parked/parked.migration.ts';
import { Forgettings1764460000320 } from '../users/forgettings.migration.ts';
import { PageDeliverySettings } from '../settings.ts';
import { Entries1764460000330 } from './entries.migration.ts';
import { PAGE_DELIVERY_GRANTS } from './grants.ts';
import {
  NewestRecords1764460000012,
  PendingByAge1764460000015,
  PendingKeptAt1700000000002,
  ReadModel1700000000001,
  RedemptionReaders1764460000028,
} from './read-model.migration.ts';

/** The database and its migrations. TypeORM's connections are only for migrations and health. */
export const READ_MODEL_DATABASE: DatabaseOptions = {
  entities: [],
  migrations: [
    ReadModel1700000000001,
    PendingKeptAt1700000000002,
    NewestRecords1764460000012,
    PendingByAge1764460000015,
    ParkedVouchers1764460000020,
    RedemptionReaders1764460000028,
    Forgettings1764460000320,
    Entries1764460000330,
    Orders1764460000370,
  ],
  grants: PAGE_DELIVERY_GRANTS,
  poolSize: 2,
};

@Injectable()
export class ReadModel implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor({ databaseUrl }: PageDeliverySettings) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 10,
      connectionTimeoutMillis: 2_000,
      query_timeout: 8_000,
      keepAlive: true,
      options: '-c lock_timeout=4000 -c idle_in_transaction_session_timeout=6000 -c transaction_timeout=7000',
    });
    // The next query replaces an idle connection that breaks.
    this.pool.on('error', () => undefined);
  }

  /** The rows of one statement. 503 while Postgres is away. */
  async rows<Row extends pg.QueryResultRow>({ name, text }: Statement, values: unknown[] = []): Promise<Row[]> {
    try {
      return (await this.pool.query<Row>({ name, text, values })).rows;
    } catch (error) {
      throw isDatabaseAway(error) ? unavailable('Postgres is away.') : error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
