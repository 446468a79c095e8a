import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the outcomes were followed, by partition. */
@Entity('outcome_positions')
export class OutcomePositionRow {
  @PrimaryColumn('int') partition!: number;
  @Column('bigint', { name: 'next_offset' }) nextOffset!: string;
  @Column('bigint', { name: 'next_seq' }) nextSeq!: string;
}
