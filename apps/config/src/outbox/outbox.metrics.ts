// How much waits in the outbox, and since when: asked of Postgres when /metrics is.
import { Injectable } from '@nestjs/common';
import { AskedGauge, Database } from '@vouchers/service';

const rows = new AskedGauge('config_outbox_rows', 'Versions that Kafka has not acknowledged yet');
const age = new AskedGauge('config_outbox_age_seconds', 'Since the oldest of them was written; 0 where there is none');

const refused = new AskedGauge(
  'config_outbox_refused_rows',
  'Versions that Kafka does not take: each holds up its own key',
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
    rows.ask(async () => [[{}, (await this.waiting()).rows]]);
    refused.ask(async () => [[{}, (await this.waiting()).refused]]);
    age.ask(async () => [[{}, Math.max((await this.waiting()).age, 0)]]);
  }

  /** All gauges are read at the same time. */
  private waiting(): Promise<Waiting> {
    this.asking ??= this.read().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async read(): Promise<Waiting> {
    const [row] = (await this.database.manager.query(WAITING)) as [Waiting];
    return row;
  }
}
