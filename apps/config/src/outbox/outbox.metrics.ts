// The size and the age of the outbox. They are read from Postgres for each request of /metrics.
import { Injectable } from '@nestjs/common';
import { ObservableGauge, Database } from '@vouchers/service';

const rows = new ObservableGauge('config_outbox_rows', 'Versions that Kafka has not acknowledged yet');
const age = new ObservableGauge(
  'config_outbox_age_seconds',
  'The age of the oldest of these versions; 0 if there is none',
);

const refused = new ObservableGauge(
  'config_outbox_refused_rows',
  'Versions that Kafka refuses; each delays only its own voucher or page',
);

interface Waiting {
  rows: number;
  age: number;
  refused: number;
}

const WAITING = `
  SELECT count(*)::int AS rows, count(o.refusal)::int AS refused, coalesce(extract(epoch FROM now() - min(coalesce(v.at, p.updated_at))), 0)::float8 AS age
  FROM outbox o
  LEFT JOIN voucher_versions v
    ON v.voucher_id = CASE WHEN o.kind = 'voucher' THEN o.key::uuid END AND v.version = o.version
  LEFT JOIN pages p ON o.kind = 'page' AND p.slug = o.key`;

@Injectable()
export class OutboxMetrics {
  private asking?: Promise<Waiting>;

  constructor(private readonly database: Database) {
    rows.observe(async () => [[{}, (await this.waiting()).rows]]);
    refused.observe(async () => [[{}, (await this.waiting()).refused]]);
    age.observe(async () => [[{}, Math.max((await this.waiting()).age, 0)]]);
  }

  /** The gauges share one query. */
  private waiting(): Promise<Waiting> {
    this.asking ??= this.read().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async read(): Promise<Waiting> {
    const [row] = (await this.database.manager.query(WAITING)) as [Waiting];
    return row;
  }
}
