// An actor for scripted journeys: it may do everything, for any user and at any moment.
import { randomUUID } from 'node:crypto';
import type {
  Claim,
  Counters,
  DecisionTrace,
  Entry,
  EventRow,
  List,
  Order,
  Problem,
  Proof,
  Redemption,
  Voucher,
  VoucherSpecInput,
} from '@vouchers/contracts';
import type { TestServices } from '@vouchers/testing';
import { ACTING, publishedVoucher, send, STAFF, type Answer } from './requests.ts';

/** The user, the key and the time of a request. `at` works only for vouchers on the clock of submissions. */
export interface CallOptions {
  user?: string;
  at?: string;
  attributes?: Record<string, unknown>;
  /** The Idempotency-Key: a new one if absent, no header if null. */
  key?: string | null;
  headers?: Record<string, string>;
}

export const order = (id: string, amount = 10_000, more: Partial<Order> = {}): Order => ({
  id,
  amount,
  currency: 'EUR',
  ...more,
});

export class Actor {
  private constructor(
    private readonly urls: TestServices['urls'],
    private readonly services: TestServices,
    readonly token: string,
  ) {}

  static async of(services: TestServices, name?: string): Promise<Actor> {
    const scope = `${STAFF} ${ACTING} clock:set`;
    return new Actor(
      services.urls,
      services,
      await services.signToken({ scope, sub: 'an-actor', ...(name && { name }) }),
    );
  }

  published(changes: Partial<VoucherSpecInput>): Promise<Voucher> {
    return publishedVoucher(this.services, this.token, changes);
  }
  /** Actions: pause, resume, terminate, publish. */
  staff(action: string, voucherId: string): Promise<Answer<Voucher & Problem>> {
    return this.config('POST', `/vouchers/${voucherId}/${action}`);
  }
  /** Replaces the newest version by a new one (PUT). */
  edit(voucherId: string, spec: VoucherSpecInput): Promise<Answer<Voucher & Problem>> {
    return this.config('PUT', `/vouchers/${voucherId}`, spec, { 'If-Match': '*' });
  }
  config<Body>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<Body>> {
    return send<Body>(method, `${this.urls.config}/v1${path}`, { token: this.token, body, headers });
  }

  claim(voucherId: string, asking: CallOptions): Promise<Answer<Claim & Problem>> {
    return this.edge('POST', `/vouchers/${voucherId}/claims`, asking);
  }
  lock(claimId: string, orderId: string, ttlSeconds: number, asking: CallOptions): Promise<Answer<Claim & Problem>> {
    return this.edge('PUT', `/claims/${claimId}/lock`, asking, { orderId, ttlSeconds });
  }
  unlock(claimId: string, orderId: string, asking: CallOptions): Promise<Answer<Claim & Problem>> {
    return this.edge('DELETE', `/claims/${claimId}/lock?orderId=${orderId}`, asking);
  }
  release(claimId: string, asking: CallOptions): Promise<Answer<Claim & Problem>> {
    return this.edge('DELETE', `/claims/${claimId}`, asking);
  }
  revoke(claimId: string, asking: CallOptions): Promise<Answer<Claim & Problem>> {
    return this.edge('POST', `/claims/${claimId}/revoke`, { ...asking, user: undefined }, { reason: 'a mistake' });
  }
  redeem(claimId: string, of: Order, asking: CallOptions): Promise<Answer<Redemption & Problem>> {
    return this.edge('POST', `/claims/${claimId}/redemptions`, asking, { order: of });
  }
  /** Uses claims for an order: all of them, or none. */
  useAll(claimIds: string[], of: Order, asking: CallOptions): Promise<Answer<Problem>> {
    return this.edge('POST', `/orders/${of.id}/redemptions`, asking, { order: of, claimIds });
  }
  rollBack(redemptionId: string, asking: CallOptions): Promise<Answer<Redemption & Problem>> {
    return this.edge('POST', `/redemptions/${redemptionId}/rollback`, asking, { reason: 'returned' });
  }
  join(voucherId: string, asking: CallOptions): Promise<Answer<Entry & Problem>> {
    return this.edge('PUT', `/vouchers/${voucherId}/waiting-list-entry`, asking, {});
  }
  leave(voucherId: string, asking: CallOptions): Promise<Answer<Entry & Problem>> {
    return this.edge('DELETE', `/vouchers/${voucherId}/waiting-list-entry`, asking);
  }
  extend(claimId: string, asking: CallOptions): Promise<Answer<Claim & Problem>> {
    return this.edge('POST', `/claims/${claimId}/extensions`, asking, {});
  }
  /** Calls any route of page-delivery. */
  edge<Body>(method: string, path: string, asking: CallOptions, body?: unknown): Promise<Answer<Body>> {
    const { user, at, attributes, key = randomUUID(), headers } = asking;
    return send<Body>(method, `${this.urls['page-delivery']}/v1${path}`, {
      token: this.token,
      ...(key !== null && method !== 'GET' && { key }),
      headers: {
        ...(user !== undefined && { 'X-User-Id': user }),
        ...(attributes && { 'X-User-Attrs': JSON.stringify(attributes) }),
        ...(at !== undefined && { 'X-Occurred-At': at }),
        ...headers,
      },
      body,
    });
  }

  decision(submissionId: string): Promise<Answer<DecisionTrace & Problem>> {
    return this.ledger(`/submissions/${submissionId}/decision`);
  }
  counters(voucherId: string, query = ''): Promise<Answer<Counters & Problem>> {
    return this.ledger(`/vouchers/${voucherId}/counters${query}`);
  }
  proof(voucherId: string, query = ''): Promise<Answer<Proof & Problem>> {
    return this.ledger(`/vouchers/${voucherId}/proof${query}`);
  }
  /** Reads a whole list, page by page. */
  async events(path: string): Promise<EventRow[]> {
    const rows: EventRow[] = [];
    let after: string | null = null;
    do {
      const query: string = `${path.includes('?') ? '&' : '?'}limit=200${after === null ? '' : `&after=${after}`}`;
      const { status, body } = await this.ledger<List<EventRow>>(path + query);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      rows.push(...body.items);
      after = body.next;
    } while (after !== null);
    return rows;
  }
  ledger<Body>(path: string): Promise<Answer<Body>> {
    return send<Body>('GET', `${this.urls.ledger}/v1${path}`, { token: this.token });
  }
}
