import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type Kind = 'voucher' | 'page';

/** What was written and is not yet acknowledged by Kafka. Rows of one key stand in the order of its versions. */
@Entity('outbox')
export class OutboxRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('text') kind!: Kind | `deleted-${Kind}`;
  /** The voucher's id, or the page's slug. */
  @Column('text') key!: string;
  @Column('int') version!: number;
  /** It names an attribute that the version before does not, so the definitions have it some time before it decides. */
  @Column('boolean', { default: false }) leads!: boolean;
  /** When it was published to the definitions; null: not yet, or it does not wait. */
  @Column('timestamptz', { name: 'defined_at', nullable: true }) definedAt!: Date | null;
}

/** The kinds that concern one thing: its versions and its deletion. They are sent in order. */
export const kindsOf = (kind: Kind): OutboxRow['kind'][] => [kind, `deleted-${kind}`];
