import type { Caller } from '@vouchers/service';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export const ACTIONS = ['create', 'change', 'publish', 'pause', 'resume', 'terminate', 'delete'] as const;
export type Action = (typeof ACTIONS)[number];

/** One action of a member of staff. It is written in the same transaction as the change. */
@Entity('activity')
export class ActivityRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('timestamptz') at!: Date;
  @Column('text') by!: string;
  /** The actor's name as the issuer told it then. Null if it told none, or an earlier release wrote the row. */
  @Column('text', { name: 'by_name', nullable: true }) byName!: string | null;
  /** The actor's team, which is the thing's. Null if an earlier release made and deleted the thing. */
  @Column('text', { nullable: true }) team!: string | null;
  @Column('text') action!: Action;
  @Column('uuid', { name: 'voucher_id', nullable: true }) voucherId!: string | null;
  @Column('text', { nullable: true }) slug!: string | null;
  @Column('int') version!: number;
}

/** The fields that say who acts. */
export const actorOf = ({ sub, name, team }: Caller): Pick<ActivityRow, 'by' | 'byName' | 'team'> => ({
  by: sub,
  byName: name ?? null,
  team,
});
