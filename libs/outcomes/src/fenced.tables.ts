// One statement writes a batch of outcomes and moves the partition's stored position. It does so only if the stored
// position is the one that the follower knows. If another follower or a retry has moved it, nothing is written. This is
// the fence.
import type { TopicIdentity } from '@vouchers/messaging';
import type { AskStatement, Statement } from './outcomes.database.ts';
import type { Projection, Rows, Writing } from './projection.ts';

/** The position up to which a partition of the outcomes is read: the next offset and the next seq. */
export interface ReadPosition {
  offset: number;
  seq: number;
}

/** A position as it is stored. */
export interface Fence extends ReadPosition {
  /** Grows when anything but the follower writes rows of the partition. */
  revision: number;
}

/** A voucher that is parked by the event `seq`. */
export interface Parking {
  voucherId: string;
  seq: number;
  reason: string;
}

/** The position of a partition, and what its rows were made from. */
export interface Begun extends TopicIdentity {
  fence: Fence;
  parked: string[];
}

const PARKED = {
  name: 'parked-of',
  text: 'SELECT voucher_id AS "voucherId" FROM parked_vouchers WHERE partition = $1',
};

export class FencedTables {
  /** A write to the follower's tables. If it succeeds while a batch fails, a record of the batch is the cause. */
  readonly probe: Statement;
  private readonly beginning: Statement;
  private readonly writing: Statement;
  private readonly forgetting: Statement;

  constructor(
    private readonly ask: AskStatement,
    projection: Pick<Projection, 'positions' | 'parameters' | 'rowsBehind' | 'forgetting'>,
  ) {
    const { positions } = projection;
    this.probe = {
      name: 'probe',
      text: `UPDATE ${positions} SET partition = partition WHERE partition = (SELECT min(partition) FROM ${positions})`,
    };
    this.beginning = {
      name: 'begin',
      // A row of an older release may not say what it was made from.
      text: `INSERT INTO ${positions} AS known (partition, cluster_id, topic_id, next_offset, next_seq)
        VALUES ($1, $2, $3, 0, $4)
        ON CONFLICT (partition) DO UPDATE SET cluster_id = COALESCE(known.cluster_id, excluded.cluster_id),
          topic_id = COALESCE(known.topic_id, excluded.topic_id)
        RETURNING cluster_id AS "clusterId", topic_id AS "topicId",
          next_offset::float8 AS "offset", next_seq::float8 AS seq, revision`,
    };
    this.writing = writingOf('write', positions, projection);
    this.forgetting = writingOf('forget', positions, projection.forgetting);
  }

  /** @param firstSeq the next seq of a partition of which nothing is stored */
  async begin(partition: number, { clusterId, topicId }: TopicIdentity, firstSeq: number): Promise<Begun> {
    const [row] = await this.ask<TopicIdentity & Fence>(this.beginning, [partition, clusterId, topicId, firstSeq]);
    // This is read after the revision. So if a retry ends in between, the fence fails.
    const parked = await this.ask<{ voucherId: string }>(PARKED, [partition]);
    const { offset, seq, revision } = row!;
    return {
      clusterId: row!.clusterId,
      topicId: row!.topicId,
      fence: { offset, seq, revision },
      parked: parked.map(({ voucherId }) => voucherId),
    };
  }

  /** Writes a batch, whole or not at all. @returns false if the stored position is not `from`; then nothing is written */
  async write(
    partition: number,
    from: Fence,
    to: ReadPosition,
    { values, isForgetting = false }: Pick<Rows, 'values' | 'isForgetting'>,
    parked: readonly Parking[] = [],
  ): Promise<boolean> {
    const [row] = await this.ask<{ written: number }>(isForgetting ? this.forgetting : this.writing, [
      ...values,
      partition,
      from.offset,
      from.seq,
      from.revision,
      to.offset,
      to.seq,
      parked.map(({ voucherId }) => voucherId),
      parked.map(({ seq }) => seq),
      parked.map(({ reason }) => reason),
    ]);
    return row?.written === 1;
  }
}

/** The statement that moves the position and writes the rows behind it. */
function writingOf(name: string, positions: string, { parameters, rowsBehind }: Writing): Statement {
  const value = (n: number): string => `$${parameters + n}`;
  const text = `
    WITH moved AS (
      UPDATE ${positions} SET next_offset = ${value(5)}, next_seq = ${value(6)}
      WHERE partition = ${value(1)} AND next_offset = ${value(2)} AND next_seq = ${value(3)} AND revision = ${value(4)}
      RETURNING partition
    ), ${rowsBehind('moved')}, parked AS (
      INSERT INTO parked_vouchers (voucher_id, partition, first_seq, reason)
      SELECT rows.voucher_id, moved.partition, rows.seq, rows.reason
      FROM moved, unnest(${value(7)}::uuid[], ${value(8)}::bigint[], ${value(9)}::text[]) AS rows (voucher_id, seq, reason)
      ON CONFLICT DO NOTHING
    )
    SELECT count(*)::int AS written FROM moved`;
  return { name, text };
}
