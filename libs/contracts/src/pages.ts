import type { Claim } from './claim.ts';
import type { Reason } from './reasons.ts';
import type { Benefit, Operations, ResourceType, Windows } from './voucher.ts';

/** `ce_type` on voucher.pages.v1. */
export const PAGE_TYPE = 'voucher.page.v1';

/** On voucher.pages.v1, key = slug. */
export interface Page {
  slug: string;
  title: string;
  voucherIds: string[];
  version: number;
  team: string;
  updatedAt: string;
  updatedBy: string;
}

export type ModuleState =
  'claimed' | 'locked' | 'redeemed' | 'ended' | 'not-started' | 'sold-out' | 'not-eligible' | 'claimable';

export interface PageModule {
  voucherId: string;
  version: number;
  name: string;
  resourceType: ResourceType;
  benefit?: Benefit;
  state: ModuleState;
  /** The reason that a claim would get. */
  reason?: Reason;
  claim?: Claim;
  windows: Windows;
  operations: Operations;
}

export interface PageData {
  slug: string;
  title: string;
  modules: PageModule[];
  popup: { voucherId: string; trigger: 'on-load' | 'on-claim'; title: string; text: string } | null;
  /** Vouchers of the page that are parked and left out. Absent if the page is complete. */
  unavailable?: string[];
}
