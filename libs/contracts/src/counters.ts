import type { SubmissionKind } from './submissions.ts';

/** Refusals by kind of submission and reason. Only present counters have `push`, since a refused push is no event. */
export type Refusals = { [K in SubmissionKind]?: Record<string, number> };

/** The patent's three counts and where every unit is; semantics.md defines each. */
export interface CounterValues {
  pushed: number;
  claimed: number;
  /** Uses less those rolled back. */
  redeemed: number;
  rolledBack: number;
  held: number;
  locked: number;
  /** Claims in state `redeemed`. */
  used: number;
  expired: number;
  released: number;
  revoked: number;
  /** Units taken out. */
  retired: number;
  offered: number;
  /** null without a claim quantity. */
  free: number | null;
  refused: Refusals;
}

export interface Counters extends CounterValues {
  voucherId: string;
  asOf: { partition: number; seq: number; at: string };
}

/** `claimQuantity` = free + offered + held + locked + used + retired, recomputed from the events. */
export interface Proof {
  holds: boolean;
  claimQuantity: number | null;
  free: number | null;
  offered: number;
  held: number;
  locked: number;
  used: number;
  retired: number;
  projected: CounterValues;
  head: { partition: number; seq: number };
}
