import type { Intent, Voucher, VoucherSpec } from '@vouchers/contracts';
import type { FastifyReply } from 'fastify';
import type { VoucherRow, VoucherVersionRow } from './voucher.entity.ts';

export const voucherShown = (row: VoucherRow): Voucher => ({
  ...row.spec,
  id: row.id,
  version: row.version,
  state: row.state,
  team: row.team,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  updatedBy: row.updatedBy,
});

/** A voucher in an answer, with its version as a strong ETag. */
export function answerVoucher(reply: FastifyReply, row: VoucherRow): Voucher {
  reply.header('etag', `"${row.version}"`);
  return voucherShown(row);
}

export interface VersionShown {
  version: number;
  intent: Intent;
  spec: VoucherSpec;
  by: string;
  at: string;
  changed: string[];
}

export const versionShown = ({ version, intent, spec, by, at, changed }: VoucherVersionRow): VersionShown => ({
  version,
  intent,
  spec,
  by,
  at: at.toISOString(),
  changed,
});
