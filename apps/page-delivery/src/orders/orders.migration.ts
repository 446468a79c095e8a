import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The orders and their calls. They are truth: nothing else has them, and a rebuild keeps them. */
export class Orders1764460000370 implements MigrationInterface {
  readonly name = 'Orders1764460000370';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        team         text COLLATE "C" NOT NULL,
        order_id     text COLLATE "C" NOT NULL,
        user_id      text COLLATE "C",
        body         json,
        fence        bigint NOT NULL,
        leased_until timestamptz NOT NULL,
        made_at      timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (team, order_id)
      ) WITH (fillfactor = 70);
      CREATE INDEX orders_by_user ON orders (user_id) WHERE user_id IS NOT NULL;
      COMMENT ON TABLE orders IS 'The orders of order calls. Truth, no part of the read model: a rebuild keeps it, a backup needs it';
      COMMENT ON COLUMN orders.body IS 'The order without its id, as in the first call that succeeded';
      COMMENT ON COLUMN orders.fence IS 'Grows each time somebody takes the lease. Who has an older one writes nothing';

      CREATE TABLE order_calls (
        call_id    uuid PRIMARY KEY,
        number     bigint GENERATED ALWAYS AS IDENTITY,
        team       text COLLATE "C" NOT NULL,
        order_id   text COLLATE "C" NOT NULL,
        kind       text COLLATE "C" NOT NULL,
        asker      text COLLATE "C" NOT NULL,
        body_hash  text COLLATE "C" NOT NULL,
        plan       json,
        progress   json NOT NULL,
        is_over    boolean NOT NULL,
        made_at    timestamptz NOT NULL DEFAULT now(),
        CHECK (is_over = (plan IS NULL)),
        FOREIGN KEY (team, order_id) REFERENCES orders ON UPDATE CASCADE
      ) WITH (fillfactor = 50);
      CREATE INDEX order_calls_by_order ON order_calls (team, order_id, number);
      CREATE UNIQUE INDEX order_calls_under_way ON order_calls (team, order_id) WHERE NOT is_over;
      COMMENT ON TABLE order_calls IS 'The calls of orders. Truth, no part of the read model: a rebuild keeps it, a backup needs it';
      COMMENT ON COLUMN order_calls.plan IS 'All that the call submits. Deleted when the call is over';
      COMMENT ON COLUMN order_calls.progress IS 'The step that the call has reached; at the end its outcome';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_calls, orders');
  }
}
