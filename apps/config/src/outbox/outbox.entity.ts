import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type Kind = 'voucher' | 'page';

/** A change that Kafka has not acknowledged yet. The rows of one key are in the order of its versions. */
@Entity('outbox')
export class OutboxRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('text') kind!: Kind | `deleted-${Kind}`;
  /** The voucher's id, or the page's slug. */
  @Column('text') key!: string;
  @Column('int') version!: number;
  /** True if the version is published to the definitions some time before the submissions. */
  @Column('boolean', { default: false }) leads!: boolean;
  /** When the version was published to the definitions. Null if that has not happened yet, or if it does not lead. */
  @Column('timestamptz', { name: 'defined_at', nullable: true }) definedAt!: Date | null;
}

/** The kinds of rows of one voucher or page: its versions and its deletion. They are sent in order. */
export const kindsOf = (kind: Kind): OutboxRow['kind'][] => [kind, `deleted-${kind}`];
