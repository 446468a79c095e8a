import type { Voucher } from '@vouchers/contracts';
import {
  ACTORS_NAME,
  arrayOf,
  INTENT,
  maybe,
  named,
  record,
  text,
  TIME,
  VOUCHER_SPEC,
  whole,
  type TypeOf,
} from '@vouchers/contracts/schemas';
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

export const VERSION = named(
  'VoucherVersion',
  record({
    version: whole(1),
    intent: INTENT,
    spec: VOUCHER_SPEC,
    by: text(),
    byName: maybe(ACTORS_NAME),
    at: TIME,
    changed: arrayOf({ ...text(), description: 'JSON pointer of a field that differs from the version before' }),
  }),
);
export type VersionShown = TypeOf<typeof VERSION>;

export const versionShown = ({ version, intent, spec, by, byName, at, changed }: VoucherVersionRow): VersionShown => ({
  version,
  intent,
  spec,
  by,
  ...(byName !== null && { byName }),
  at: at.toISOString(),
  changed,
});
