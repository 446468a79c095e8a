export type ClaimState = 'held' | 'locked' | 'redeemed' | 'expired' | 'released' | 'revoked';

/** One user's hold on one unit, as shown. Times RFC 3339, UTC. */
export interface Claim {
  id: string;
  voucherId: string;
  voucherVersion: number;
  userId: string;
  state: ClaimState;
  uses: number;
  heldAt: string;
  useFrom: string;
  useUntil: string;
  lock?: { orderId: string; until: string };
}

/** Money: integer minor units. */
export interface OrderItem {
  sku: string;
  quantity: number;
  amount: number;
}
export interface Order {
  id: string;
  amount: number;
  currency: string;
  items?: OrderItem[];
}

export interface Redemption {
  id: string;
  claimId: string;
  voucherId: string;
  userId: string;
  order: Order;
  at: string;
  rolledBackAt?: string;
}
