// Each route of each service, and what callers of another team get from it with TENANCY=team. A new route fails the
// test until this table has it, too.
import type { ServiceName } from '@vouchers/contracts';

/** The things of our team, or ids of the same kind that nothing has. */
export interface Things {
  /** Published, with claims. */
  voucher: string;
  draft: string;
  deletable: string;
  publishable: string;
  /** Published; it is paused, resumed and terminated. */
  life: string;
  slug: string;
  deletableSlug: string;
  revocable: string;
  redeemable: string;
  /** Used by an order call. */
  orderable: string;
  redemption: string;
  /** A submission of our staff. */
  submission: string;
  /** Simulations of the voucher. */
  simulation: string;
  deletableSimulation: string;
  /** A user who is forgotten. */
  forgetting: string;
}

/** A customer's own claims of our voucher. */
export interface Claims {
  kept: string;
  released: string;
}

export interface Call {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Whether it has an Idempotency-Key. */
  key?: boolean;
}

/**
 * - `hidden`: the thing has the answer of one that does not exist: 404.
 * - `taken`: 404. Pages share one space of names, so a slug that is in use cannot look free.
 * - `left out`: a list or a sum that lacks the things of our team.
 * - `403`: the scope audit:read is missing.
 * - `its own`: what is made belongs to the caller's team.
 * - `the same`: the route shows no thing of a team.
 * - `as its user`: the way of customers: the user counts, and no team.
 */
export type Outcome = 'hidden' | 'taken' | 'left out' | '403' | 'its own' | 'the same' | 'as its user';

export interface TeamCase {
  /** The status for our own team, and for customers of every team. */
  ours: number;
  theirs: Outcome;
  call(things: Things, claims: Claims): Call;
}

const VALID = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
export const SPEC = { name: 'A voucher', resourceType: 'coupon', windows: { timeZone: 'UTC', valid: VALID } };
const ORDER = { id: 'order-1', amount: 10_000, currency: 'CNY' };
const ORDER_CALL = { ...ORDER, id: 'order-2' };
const ANY_VERSION = { 'If-Match': '*' };
const PAST = 'at=9000-01-01T00:00:00Z';

const of = (theirs: Outcome, call: (things: Things, claims: Claims) => string | Call, ours = 200): TeamCase => ({
  ours,
  theirs,
  call: (things, claims) => {
    const made = call(things, claims);
    return typeof made === 'string' ? { path: made } : made;
  },
});

export const TENANCY: Partial<Record<ServiceName, Record<string, TeamCase>>> = {
  config: {
    'POST /v1/vouchers': of('its own', () => ({ path: '/v1/vouchers', body: SPEC }), 201),
    'GET /v1/vouchers': of('left out', () => '/v1/vouchers?label=campaign:26'),
    'POST /v1/vouchers/batch': of('its own', () => ({ path: '/v1/vouchers/batch', body: { items: [SPEC] } }), 201),
    'GET /v1/vouchers/{id}': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}`),
    'PUT /v1/vouchers/{id}': of('hidden', ({ draft }) => ({
      path: `/v1/vouchers/${draft}`,
      body: SPEC,
      headers: ANY_VERSION,
    })),
    'DELETE /v1/vouchers/{id}': of(
      'hidden',
      ({ deletable }) => ({ path: `/v1/vouchers/${deletable}`, headers: ANY_VERSION }),
      204,
    ),
    'POST /v1/vouchers/{id}/publish': of('hidden', ({ publishable }) => `/v1/vouchers/${publishable}/publish`),
    'POST /v1/vouchers/{id}/pause': of('hidden', ({ life }) => `/v1/vouchers/${life}/pause`),
    'POST /v1/vouchers/{id}/resume': of('hidden', ({ life }) => `/v1/vouchers/${life}/resume`),
    'POST /v1/vouchers/{id}/terminate': of('hidden', ({ life }) => `/v1/vouchers/${life}/terminate`),
    'GET /v1/vouchers/{id}/versions': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/versions`),
    'GET /v1/vouchers/{id}/versions/{version}': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/versions/1`),
    'GET /v1/activity': of('left out', () => '/v1/activity?limit=200'),
    'GET /v1/user-attributes': of('the same', () => '/v1/user-attributes'),
    'POST /v1/rules/check': of('the same', () => ({
      path: '/v1/rules/check',
      body: { node: 'claim', when: 'true' },
    })),
    'GET /v1/pages': of('left out', () => '/v1/pages'),
    'GET /v1/pages/{slug}': of('hidden', ({ slug }) => `/v1/pages/${slug}`),
    'PUT /v1/pages/{slug}': of('taken', ({ slug }) => ({
      path: `/v1/pages/${slug}`,
      body: { title: 'Changed', voucherIds: [] },
      headers: ANY_VERSION,
    })),
    'DELETE /v1/pages/{slug}': of(
      'hidden',
      ({ deletableSlug }) => ({ path: `/v1/pages/${deletableSlug}`, headers: ANY_VERSION }),
      204,
    ),
    'GET /v1/saved/{kind}': of('the same', () => '/v1/saved/templates'),
    'PUT /v1/saved/{kind}/{name}': of('the same', () => ({ path: '/v1/saved/views/a', body: { value: {} } })),
    'DELETE /v1/saved/{kind}/{name}': of('the same', () => '/v1/saved/views/a', 204),
    'GET /console.json': of('the same', () => '/console.json'),
  },
  'page-delivery': {
    'GET /v1/pages/{slug}': of('as its user', ({ slug }) => `/v1/pages/${slug}`),
    'POST /v1/vouchers/{id}/claims': of(
      'as its user',
      ({ voucher }) => ({ path: `/v1/vouchers/${voucher}/claims`, key: true }),
      201,
    ),
    'GET /v1/claims': of('as its user', () => '/v1/claims'),
    'GET /v1/claims/{id}': of('as its user', (_, { kept }) => `/v1/claims/${kept}`),
    'DELETE /v1/claims/{id}': of('as its user', (_, { released }) => `/v1/claims/${released}`),
    'PUT /v1/claims/{id}/lock': of('as its user', (_, { kept }) => ({
      path: `/v1/claims/${kept}/lock`,
      body: { orderId: ORDER.id, ttlSeconds: 60 },
    })),
    'DELETE /v1/claims/{id}/lock': of('as its user', (_, { kept }) => `/v1/claims/${kept}/lock?orderId=${ORDER.id}`),
    'POST /v1/claims/{id}/revoke': of('hidden', ({ revocable }) => ({
      path: `/v1/claims/${revocable}/revoke`,
      body: { reason: 'fraud' },
    })),
    // The voucher has no waiting list, and its claims cannot be extended.
    'POST /v1/claims/{id}/extensions': of(
      'as its user',
      (_, { kept }) => ({ path: `/v1/claims/${kept}/extensions`, body: {}, key: true }),
      409,
    ),
    'PUT /v1/vouchers/{id}/waiting-list-entry': of(
      'as its user',
      ({ voucher }) => ({ path: `/v1/vouchers/${voucher}/waiting-list-entry`, body: {} }),
      409,
    ),
    'DELETE /v1/vouchers/{id}/waiting-list-entry': of(
      'as its user',
      ({ voucher }) => ({ path: `/v1/vouchers/${voucher}/waiting-list-entry`, key: true }),
      409,
    ),
    'GET /v1/waiting-list-entries': of('as its user', () => '/v1/waiting-list-entries'),
    'POST /v1/claims/{id}/redemptions': of(
      'hidden',
      ({ redeemable }) => ({ path: `/v1/claims/${redeemable}/redemptions`, body: { order: ORDER }, key: true }),
      201,
    ),
    'POST /v1/redemptions/{id}/rollback': of('hidden', ({ redemption }) => ({
      path: `/v1/redemptions/${redemption}/rollback`,
      body: { reason: 'returned' },
      key: true,
    })),
    'GET /v1/redemptions': of('left out', () => `/v1/redemptions?orderId=${ORDER.id}`),
    'GET /v1/redemptions/{id}': of('hidden', ({ redemption }) => `/v1/redemptions/${redemption}`),
    'POST /v1/qualifications': of('as its user', ({ slug }) => ({
      path: '/v1/qualifications',
      body: { order: ORDER, pageSlug: slug },
    })),
    'POST /v1/orders/{orderId}/redemptions': of(
      'hidden',
      ({ orderable }) => ({
        path: `/v1/orders/${ORDER_CALL.id}/redemptions`,
        body: { order: ORDER_CALL, claimIds: [orderable] },
        key: true,
      }),
      201,
    ),
    'GET /v1/orders/{orderId}': of('hidden', () => `/v1/orders/${ORDER_CALL.id}`),
    'POST /v1/orders/{orderId}/rollback': of('hidden', () => ({
      path: `/v1/orders/${ORDER_CALL.id}/rollback`,
      body: { reason: 'returned' },
      key: true,
    })),
    'POST /v1/quotes': of('as its user', () => ({ path: '/v1/quotes', body: { order: ORDER } })),
    'POST /v1/dry-run': of('hidden', ({ voucher }) => ({
      path: '/v1/dry-run',
      body: { voucherId: voucher, cases: [{ node: 'claim', user: { id: 'ann' } }] },
    })),
    'POST /v1/dry-run/quotes': of('hidden', ({ voucher }) => ({
      path: '/v1/dry-run/quotes',
      body: { order: ORDER, user: { id: 'ann' }, voucherIds: [voucher] },
    })),
    // A user belongs to no team.
    'POST /v1/users/{id}/forget': of('the same', () => ({ path: '/v1/users/nobody/forget', key: true }), 202),
    'GET /v1/forgettings/{id}': of('the same', ({ forgetting }) => `/v1/forgettings/${forgetting}`),
    // Only its asker sees a submission, whoever that is.
    'GET /v1/submissions/{id}': of('hidden', ({ submission }) => `/v1/submissions/${submission}`),
  },
  ledger: {
    'GET /v1/vouchers/{id}/counters': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/counters`),
    'GET /v1/vouchers/{id}/counters/series': of(
      'hidden',
      ({ voucher }) => `/v1/vouchers/${voucher}/counters/series?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`,
    ),
    'GET /v1/vouchers/{id}/counters/stream': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/counters/stream`),
    'GET /v1/vouchers': of('left out', () => '/v1/vouchers?label=campaign:26'),
    'GET /v1/vouchers/{id}/events': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/events`),
    'GET /v1/vouchers/{id}/events.csv': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/events.csv`),
    'GET /v1/users/{id}/activity': of('left out', () => '/v1/users/ann/activity'),
    // It names no voucher, only labels and sums.
    'GET /v1/labels': of('the same', () => '/v1/labels'),
    'GET /v1/vouchers/{id}/proof': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/proof?${PAST}`),
    'GET /v1/vouchers/{id}/usage': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/usage`),
    'GET /v1/vouchers/{id}/waiting-list': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/waiting-list`),
    'POST /v1/vouchers/{id}/simulations': of(
      'hidden',
      ({ voucher }) => ({ path: `/v1/vouchers/${voucher}/simulations`, body: { spec: SPEC } }),
      202,
    ),
    'GET /v1/vouchers/{id}/simulations': of('hidden', ({ voucher }) => `/v1/vouchers/${voucher}/simulations`),
    'GET /v1/simulations/{id}': of('hidden', ({ simulation }) => `/v1/simulations/${simulation}`),
    'DELETE /v1/simulations/{id}': of(
      'hidden',
      ({ deletableSimulation }) => `/v1/simulations/${deletableSimulation}`,
      204,
    ),
    'GET /v1/simulations/{id}/differences': of(
      'hidden',
      ({ simulation }) => `/v1/simulations/${simulation}/differences`,
    ),
    'GET /v1/counters': of('left out', ({ voucher, life }) => `/v1/counters?voucherId=${voucher},${life}`),
    'GET /v1/events': of('403', () => '/v1/events?partition=0'),
    'GET /v1/claims/{id}': of('hidden', ({ redeemable }) => `/v1/claims/${redeemable}`),
    'GET /v1/claims/{id}/history': of('hidden', ({ redeemable }) => `/v1/claims/${redeemable}/history`),
    'GET /v1/redemptions/{id}': of('hidden', ({ redemption }) => `/v1/redemptions/${redemption}`),
    'GET /v1/submissions/{id}/decision': of('hidden', ({ submission }) => `/v1/submissions/${submission}/decision`),
  },
};
