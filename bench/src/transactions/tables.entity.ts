import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A voucher with its counter. Every claim of the voucher updates this row. */
@Entity('vouchers')
export class VoucherRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') quantity!: number;
  @Column('int') claimed!: number;
  @Column('boolean') enabled!: boolean;
  @Column('timestamptz', { name: 'valid_from' }) validFrom!: Date;
  @Column('timestamptz', { name: 'valid_to' }) validTo!: Date;
}

/** One row per user and voucher. A repeated Idempotency-Key is recognised by the submission's id. */
@Entity('claims')
@Unique(['voucherId', 'userId'])
export class ClaimRow {
  @PrimaryColumn('uuid', { name: 'submission_id' }) submissionId!: string;
  @Column('uuid') id!: string;
  @Column('uuid', { name: 'voucher_id' }) voucherId!: string;
  @Column('text', { name: 'user_id' }) userId!: string;
  @Column('text') state!: 'held';
  @Column('timestamptz', { name: 'held_at' }) heldAt!: Date;
}
