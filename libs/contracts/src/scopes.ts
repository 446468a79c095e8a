/** The permissions of each scope. */
export const SCOPE_MEANINGS = {
  'vouchers:read': 'read vouchers, pages and activity; dry-run',
  'vouchers:write': 'make and change drafts and pages',
  'vouchers:publish':
    'publish, pause, resume and terminate vouchers; with vouchers:write, change live ones; revoke claims',
  'pages:read': 'see pages as a user does',
  'claims:write': 'claim, lock and release as the user in `sub`',
  'claims:act': 'a service that acts for a user, whom X-User-Id names',
  'redemptions:write': 'redeem and roll back',
  'ledger:read': 'read counters, events, decisions and proofs',
  'audit:read': 'with TENANCY=team: see the things of all teams, and the event rows of whole partitions',
  'users:forget': 'have a user forgotten, in all teams',
  'clock:set': 'send X-Occurred-At for imported history',
} as const;

export type Scope = keyof typeof SCOPE_MEANINGS;
export const SCOPES = Object.keys(SCOPE_MEANINGS) as readonly Scope[];

/** The scopes that the console needs. Users may lack some of them. */
export const CONSOLE_SCOPES: readonly Scope[] = [
  'vouchers:read',
  'vouchers:write',
  'vouchers:publish',
  'pages:read',
  'ledger:read',
];
