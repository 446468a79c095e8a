import type {
  Intent,
  List,
  Node,
  Page,
  Voucher,
  VoucherSpec,
  VoucherSpecInput,
  VoucherStatus,
} from '@vouchers/contracts';
import type { Call, CallWith } from './call.ts';

interface Id {
  id: string;
}
interface Slice {
  limit?: number;
  after?: string;
}
type IfMatch = { 'If-Match'?: string };

/** One version of a voucher, as config keeps it. */
export interface Version {
  version: number;
  intent: Intent;
  spec: VoucherSpec;
  by: string;
  at: string;
  /** JSON pointers. */
  changed: string[];
}

/** Who did what. */
export interface Activity {
  at: string;
  by: string;
  action: string;
  voucherId?: string;
  slug?: string;
  version: number;
}

export interface UserAttribute {
  name: string;
  type: 'string' | 'number' | 'boolean' | 'list' | 'timestamp';
  values?: (string | number)[];
}

export interface RuleCheck {
  ok: boolean;
  errors: { message: string; line: number; column: number }[];
}

export interface ConfigPaths {
  '/v1/vouchers': {
    get: Call<List<Voucher>, never, Slice & { state?: VoucherStatus; label?: string[]; search?: string }>;
    post: CallWith<VoucherSpecInput, Voucher>;
  };
  '/v1/vouchers/{id}': {
    get: Call<Voucher, Id>;
    put: CallWith<VoucherSpecInput, Voucher, Id, never, IfMatch>;
  };
  '/v1/vouchers/{id}/publish': { post: Call<Voucher, Id, never, IfMatch> };
  '/v1/vouchers/{id}/pause': { post: Call<Voucher, Id, never, IfMatch> };
  '/v1/vouchers/{id}/resume': { post: Call<Voucher, Id, never, IfMatch> };
  '/v1/vouchers/{id}/terminate': { post: Call<Voucher, Id, never, IfMatch> };
  '/v1/vouchers/{id}/versions': { get: Call<List<Version>, Id, Slice> };
  '/v1/vouchers/{id}/versions/{version}': { get: Call<Version, Id & { version: number }> };
  '/v1/activity': { get: Call<List<Activity>, never, Slice & { voucherId?: string; by?: string }> };
  '/v1/user-attributes': { get: Call<{ items: UserAttribute[] }> };
  '/v1/rules/check': { post: CallWith<{ node: Node; when: string }, RuleCheck> };
  '/v1/pages': { get: Call<List<Page>, never, Slice> };
  '/v1/pages/{slug}': {
    get: Call<Page, { slug: string }>;
    put: CallWith<{ title: string; voucherIds: string[] }, Page, { slug: string }, never, IfMatch>;
  };
}
