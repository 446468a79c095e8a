// What staff configure. Times in a spec are RFC 3339; a normalised one has them in UTC with milliseconds.

export type Node = 'enable' | 'claim' | 'use' | 'terminate';
export type ResourceType = 'coupon' | 'gift' | 'interest-free' | 'access';
export type Day = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';

/** Local wall time in the voucher's zone, half-open; `from` > `to` runs past midnight. `"24:00"` may end a day. */
export interface Hours {
  days: Day[];
  from: string;
  to: string;
}
export interface Range {
  from: string;
  to: string;
}
export interface ClaimWindow extends Range {
  hours?: Hours[];
}
/** ISO 8601 durations: years to days are calendar in the voucher's zone, the rest exact. */
export interface AfterClaim {
  delay: string;
  length: string;
}
/** Either a range or `afterClaim`. */
export type UseWindow = { from: string; to: string; hours?: Hours[] } | { afterClaim: AfterClaim; hours?: Hours[] };

export interface Windows {
  timeZone: string;
  valid: Range;
  claim: ClaimWindow;
  use: UseWindow;
}

export type Benefit =
  | { type: 'amount-off'; amount: number; currency: string }
  | { type: 'percent-off'; percent: number; maxAmount?: number; currency?: string }
  | { type: 'gift'; sku: string; name: string }
  | { type: 'interest-free'; days: number }
  | { type: 'access'; name: string };

export interface Goods {
  sku: string;
  name?: string;
}

export interface Operations {
  claimLabel?: string;
  afterClaim?: { type: 'link' | 'message' | 'none'; url?: string; text?: string };
  popup?: { trigger: 'on-load' | 'on-claim' | 'none'; title?: string; text?: string };
}

/** null = no limit. Unit: units (claim), users (push), uses (redeem). */
export interface Quantities {
  push: number | null;
  claim: number | null;
  redeem: number | null;
}

export interface Nodes {
  enable: { when: string };
  /**
   * `record`: names of user attributes kept as facts with each decision at this node, in addition to those that
   * conditions name. Absent: none.
   */
  claim: { when: string; perUser: number | null; record?: string[] };
  use: { when: string; perClaim: number | null; record?: string[] };
  terminate: { when: string; claims: 'honour' | 'revoke' };
}

export interface PoolPolicy {
  expired: 'return' | 'retire';
  released: 'return' | 'retire';
  revoked: 'return' | 'retire';
  rolledBack: 'hold' | 'return' | 'retire';
}

/** A spec with every default filled in. */
export interface VoucherSpec {
  name: string;
  description: string;
  resourceType: ResourceType;
  benefit?: Benefit;
  quantities: Quantities;
  windows: Windows;
  goods: Goods[];
  operations: Operations;
  nodes: Nodes;
  pool: PoolPolicy;
  labels: Record<string, string>;
  clock: 'wall' | 'submissions';
}

/** A spec as a caller may send it: only these are required. */
export type VoucherSpecInput = Pick<VoucherSpec, 'name' | 'resourceType'> & {
  windows: {
    timeZone: string;
    valid: Range;
    claim?: Partial<ClaimWindow>;
    use?: Partial<Range> & Partial<{ afterClaim: AfterClaim; hours: Hours[] }>;
  };
  quantities?: Partial<Quantities>;
  nodes?: { [N in Node]?: Partial<Nodes[N]> };
  pool?: Partial<PoolPolicy>;
} & Partial<Pick<VoucherSpec, 'description' | 'benefit' | 'goods' | 'operations' | 'labels' | 'clock'>>;

/** What config wants of a voucher. */
export type Intent = 'draft' | 'published' | 'paused' | 'terminated';
/** What a voucher is, node rules applied. */
export type VoucherStatus = 'draft' | 'published' | 'enabled' | 'paused' | 'terminated';

export interface Voucher extends VoucherSpec {
  id: string;
  version: number;
  state: VoucherStatus;
  team: string;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
}

/**
 * One version of a voucher as it travels. On `voucher.definitions.v1` with its goods;
 * on `voucher.submissions.v1` and in `voucher.defined.v1` without (`goods` is then empty).
 */
export interface Definition {
  voucherId: string;
  version: number;
  intent: Intent;
  team: string;
  by: string;
  /** When config wrote it. RFC 3339, UTC. What counts for the ledger is the record's broker time. */
  at: string;
  spec: VoucherSpec;
}

export const SPEC_DEFAULTS = {
  description: '',
  quantities: { push: null, claim: null, redeem: null },
  goods: [],
  operations: {},
  nodes: {
    enable: { when: 'true' },
    claim: { when: 'true', perUser: 1 },
    use: { when: 'true', perClaim: 1 },
    terminate: { when: 'false', claims: 'honour' },
  },
  pool: { expired: 'return', released: 'return', revoked: 'retire', rolledBack: 'hold' },
  labels: {},
  clock: 'wall',
} as const;
