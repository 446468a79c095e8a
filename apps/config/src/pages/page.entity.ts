import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('pages')
export class PageRow {
  @PrimaryColumn('text') slug!: string;
  @Column('int') version!: number;
  @Column('text') title!: string;
  @Column('json', { name: 'voucher_ids' }) voucherIds!: string[];
  @Column('text') team!: string;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('text', { name: 'updated_by' }) updatedBy!: string;
  /** As the issuer told it then. Null if it told none, or an earlier release wrote the row. */
  @Column('text', { name: 'updated_by_name', nullable: true }) updatedByName!: string | null;
}
