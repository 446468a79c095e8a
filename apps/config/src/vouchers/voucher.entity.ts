import type { Intent, Teams, VoucherSpec, VoucherStatus } from '@vouchers/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A voucher as it is now. The ledger's node rules set `enabled` and `ended`, which never become false again. */
@Entity('vouchers')
export class VoucherRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') intent!: Intent;
  @Column('boolean') enabled!: boolean;
  @Column('boolean') ended!: boolean;
  /** Postgres computes it from intent, enabled and ended. */
  @Column({ type: 'text', insert: false, update: false }) state!: VoucherStatus;
  @Column('text') team!: string;
  @Column('text') name!: string;
  @Column('jsonb') labels!: Record<string, string>;
  @Column('json') spec!: VoucherSpec;
  /** The spec's `placements`. A trigger copies them, because a page may name 1,000 vouchers with specs of 2 MB. */
  @Column({ type: 'json', nullable: true, insert: false, update: false, select: false }) placements?: Teams | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
  @Column('text', { name: 'updated_by' }) updatedBy!: string;
}

/** One version, as it was written. It never changes. */
@Entity('voucher_versions')
export class VoucherVersionRow {
  @PrimaryColumn('uuid', { name: 'voucher_id' }) voucherId!: string;
  @PrimaryColumn('int') version!: number;
  @Column('text') intent!: Intent;
  @Column('text') team!: string;
  @Column('json') spec!: VoucherSpec;
  @Column('text') by!: string;
  /** As the issuer told it then. Null if it told none, or an earlier release wrote the row. */
  @Column('text', { name: 'by_name', nullable: true }) byName!: string | null;
  @Column('timestamptz') at!: Date;
  /** JSON pointers of the fields that differ from the version before. */
  @Column('json') changed!: string[];
}
