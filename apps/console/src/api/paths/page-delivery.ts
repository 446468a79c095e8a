import type { Check, Claim, Node, Order, PageData, Reason, VoucherSpecInput } from '@vouchers/contracts';
import type { Call, CallWith } from './call.ts';

/** One example to judge. */
export interface DryRunCase {
  node: Node;
  user: { id: string; [attribute: string]: unknown };
  order?: Order;
  claim?: { heldAt: string; uses: number };
  at?: string;
}

/** How it would be decided. */
export interface DryRunDecision {
  verdict: 'granted' | 'refused';
  reason?: Reason;
  checks: Check[];
  facts?: Record<string, unknown>;
  at?: string;
}

export interface PageDeliveryPaths {
  '/v1/pages/{slug}': { get: Call<PageData, { slug: string }> };
  '/v1/dry-run': {
    post: CallWith<{ voucherId?: string; spec?: VoucherSpecInput; cases: DryRunCase[] }, { items: DryRunDecision[] }>;
  };
  '/v1/claims/{id}/revoke': { post: CallWith<{ reason: string }, Claim, { id: string }> };
}
