// Who may sign in on a developer's machine, and what each may do. No passwords: nothing here guards anything.

/** Someone who signs in. */
export interface Identity {
  readonly sub: string;
  readonly title: string;
  readonly team: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  /** The most that their tokens may be for. Space separated. */
  readonly scope: string;
}

const CUSTOMER = 'pages:read claims:write';
const STAFF = 'vouchers:read vouchers:write pages:read ledger:read';

/** The roles of staff, then users, as the sign-in page shows them. */
export const IDENTITIES: readonly Identity[] = [
  { sub: 'editor', title: 'Editor: configures vouchers and pages', team: 'default', attrs: {}, scope: STAFF },
  {
    sub: 'publisher',
    title: 'Publisher: also publishes them',
    team: 'default',
    attrs: {},
    scope: `${STAFF} vouchers:publish`,
  },
  {
    sub: 'analyst',
    title: 'Analyst: reads vouchers and counts',
    team: 'default',
    attrs: {},
    scope: 'vouchers:read ledger:read',
  },
  {
    sub: 'partner',
    title: "Publisher of another team: 'partner'",
    team: 'partner',
    attrs: {},
    scope: `${STAFF} vouchers:publish`,
  },
  { sub: 'alice', title: 'Alice, a gold customer', team: 'default', attrs: { tier: 'gold' }, scope: CUSTOMER },
  { sub: 'bob', title: 'Bob, a silver customer', team: 'default', attrs: { tier: 'silver' }, scope: CUSTOMER },
  { sub: 'carol', title: 'Carol, a customer without attributes', team: 'default', attrs: {}, scope: CUSTOMER },
];

/** A customer who is not in the list. Throws a SyntaxError where `attrs` is no JSON object. */
export function customer(sub: string, attrs: string): Identity {
  const parsed = JSON.parse(attrs || '{}') as unknown;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new SyntaxError('attributes are a JSON object, e.g. {"tier":"gold"}');
  return { sub, title: sub, team: 'default', attrs: parsed as Record<string, unknown>, scope: CUSTOMER };
}
