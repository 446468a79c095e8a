// Each route of each service with its scopes, of which any one admits. A new route, or another scope, fails the test
// until this table has it, too.
import type { Scope, ServiceName } from '@vouchers/contracts';

type Access = readonly Scope[];

const READ: Access = ['vouchers:read'];
const WRITE: Access = ['vouchers:write'];
const PUBLISH: Access = ['vouchers:publish'];
const USER: Access = ['claims:write', 'claims:act'];
const TILL: Access = ['redemptions:write'];
const LEDGER: Access = ['ledger:read'];
/** No token is asked for. */
const OPEN: Access = [];

export const ACCESS: Partial<Record<ServiceName, Record<string, Access>>> = {
  config: {
    'POST /v1/vouchers': WRITE,
    'GET /v1/vouchers': READ,
    'POST /v1/vouchers/batch': WRITE,
    'GET /v1/vouchers/{id}': READ,
    'PUT /v1/vouchers/{id}': WRITE,
    'DELETE /v1/vouchers/{id}': WRITE,
    'POST /v1/vouchers/{id}/publish': PUBLISH,
    'POST /v1/vouchers/{id}/pause': PUBLISH,
    'POST /v1/vouchers/{id}/resume': PUBLISH,
    'POST /v1/vouchers/{id}/terminate': PUBLISH,
    'GET /v1/vouchers/{id}/versions': READ,
    'GET /v1/vouchers/{id}/versions/{version}': READ,
    'GET /v1/activity': READ,
    'GET /v1/user-attributes': READ,
    'POST /v1/rules/check': WRITE,
    'GET /v1/pages': READ,
    'GET /v1/pages/{slug}': READ,
    'PUT /v1/pages/{slug}': WRITE,
    'DELETE /v1/pages/{slug}': WRITE,
    'GET /v1/saved/{kind}': READ,
    'PUT /v1/saved/{kind}/{name}': READ,
    'DELETE /v1/saved/{kind}/{name}': READ,
    'GET /console.json': OPEN,
  },
  'page-delivery': {
    'GET /v1/pages/{slug}': ['pages:read'],
    'POST /v1/vouchers/{id}/claims': USER,
    'GET /v1/claims': USER,
    'GET /v1/claims/{id}': USER,
    'DELETE /v1/claims/{id}': USER,
    'PUT /v1/claims/{id}/lock': USER,
    'DELETE /v1/claims/{id}/lock': USER,
    'POST /v1/claims/{id}/revoke': PUBLISH,
    'POST /v1/claims/{id}/extensions': USER,
    'PUT /v1/vouchers/{id}/waiting-list-entry': USER,
    'DELETE /v1/vouchers/{id}/waiting-list-entry': USER,
    'GET /v1/waiting-list-entries': USER,
    'POST /v1/claims/{id}/redemptions': TILL,
    'POST /v1/redemptions/{id}/rollback': TILL,
    'GET /v1/redemptions': TILL,
    'GET /v1/redemptions/{id}': TILL,
    'POST /v1/qualifications': USER,
    'POST /v1/orders/{orderId}/redemptions': TILL,
    'GET /v1/orders/{orderId}': TILL,
    'POST /v1/orders/{orderId}/rollback': TILL,
    'POST /v1/quotes': USER,
    'POST /v1/dry-run': READ,
    'POST /v1/dry-run/quotes': READ,
    'POST /v1/users/{id}/forget': ['users:forget'],
    'GET /v1/forgettings/{id}': ['users:forget'],
    'GET /v1/submissions/{id}': ['claims:write', 'claims:act', 'redemptions:write', 'vouchers:publish'],
  },
  ledger: {
    'GET /v1/vouchers/{id}/counters': LEDGER,
    'GET /v1/vouchers/{id}/counters/series': LEDGER,
    'GET /v1/vouchers/{id}/counters/stream': LEDGER,
    'GET /v1/vouchers': LEDGER,
    'GET /v1/vouchers/{id}/events': LEDGER,
    'GET /v1/vouchers/{id}/events.csv': LEDGER,
    'GET /v1/users/{id}/activity': LEDGER,
    'GET /v1/labels': LEDGER,
    'GET /v1/vouchers/{id}/proof': LEDGER,
    'GET /v1/vouchers/{id}/usage': LEDGER,
    'GET /v1/vouchers/{id}/waiting-list': LEDGER,
    'POST /v1/vouchers/{id}/simulations': LEDGER,
    'GET /v1/vouchers/{id}/simulations': LEDGER,
    'GET /v1/simulations/{id}': LEDGER,
    'DELETE /v1/simulations/{id}': LEDGER,
    'GET /v1/simulations/{id}/differences': LEDGER,
    'GET /v1/counters': LEDGER,
    'GET /v1/events': LEDGER,
    'GET /v1/claims/{id}': LEDGER,
    'GET /v1/claims/{id}/history': LEDGER,
    'GET /v1/redemptions/{id}': LEDGER,
    'GET /v1/submissions/{id}/decision': LEDGER,
  },
};

/** Addresses that the documents leave out. They are open to all, and tell nothing about anybody. */
export const UNDOCUMENTED: Partial<Record<ServiceName, readonly string[]>> = {
  config: ['/', '/sign-in', '/vouchers', '/vouchers/x', '/pages', '/activity', '/icon.svg'],
  'page-delivery': [
    '/p/none',
    '/me',
    '/callback',
    '/claim-widget.js',
    '/hosted-page.js',
    '/hosted-page.css',
    '/my-vouchers.js',
    '/qr-code.js',
  ],
};
