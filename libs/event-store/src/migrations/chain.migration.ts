import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives each event a hash, and what is personal in it a salt. Columns without a default rewrite no row. A ledger of the
 * previous release names its columns in each statement, so it keeps working, and the next owner adds the hashes.
 */
export class Chain1764460000290 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '3s'`);
    // A forgotten event has no salt, but keeps its commitment.
    await runner.query('ALTER TABLE events ADD COLUMN salt uuid, ADD COLUMN commitment bytea');
    // One row per batch: the hashes of its events, 32 bytes each, in order of seq. A row names the first event. Hashes
    // cannot be compressed, so Postgres need not try.
    await runner.query(`CREATE TABLE chain (
      partition int NOT NULL,
      first_seq bigint NOT NULL CHECK (first_seq >= 1),
      hashes bytea STORAGE EXTERNAL NOT NULL CHECK (octet_length(hashes) > 0 AND octet_length(hashes) % 32 = 0),
      added_later boolean NOT NULL DEFAULT false,
      PRIMARY KEY (partition, first_seq)
    )`);
    await runner.query('CREATE INDEX chain_added_later ON chain (partition, first_seq) WHERE added_later');
    // It is made here, not by an owner, so that every backup with these tables has the same one.
    await runner.query(`CREATE TABLE chain_secret (one boolean PRIMARY KEY CHECK (one), secret bytea NOT NULL)`);
    await runner.query(
      `INSERT INTO chain_secret VALUES (true, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))`,
    );
    // The heads that are on Kafka, too.
    await runner.query(`CREATE TABLE heads (
      partition int NOT NULL,
      seq bigint NOT NULL,
      hash bytea NOT NULL,
      attested_from bigint,
      at timestamptz NOT NULL,
      PRIMARY KEY (partition, seq)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chain, chain_secret, heads');
    await runner.query('ALTER TABLE events DROP COLUMN salt, DROP COLUMN commitment');
  }
}
