// The identities for sign-ins on a developer's machine, and their rights. There are no passwords; nothing is protected.

/** Someone who signs in. */
export interface Identity {
  readonly sub: string;
  readonly kind: 'role' | 'user';
  readonly team: string;
  readonly attrs: Readonly<Record<string, unknown>>;
  /** The largest scope of their tokens. Space separated. */
  readonly scope: string;
}

const role = <Sub extends string>(sub: Sub, scope: string, team = 'default') => ({
  sub,
  kind: 'role' as const,
  team,
  attrs: {},
  scope,
});
const user = (sub: string, attrs: Identity['attrs']) => ({
  sub,
  kind: 'user' as const,
  team: 'default',
  attrs,
  scope: 'pages:read claims:write',
});

const READER = 'vouchers:read ledger:read';
const STAFF = `${READER} vouchers:write pages:read`;

/** In the order of the sign-in page. Their descriptions are in its words. */
export const IDENTITIES = [
  role('staff', STAFF),
  role('publisher', `${STAFF} vouchers:publish`),
  role('support', `${READER} pages:read`),
  role('auditor', `${READER} audit:read`),
  role('partner', `${STAFF} vouchers:publish`, 'partner'),
  user('alice', { tier: 'gold' }),
  user('bob', { tier: 'silver' }),
  user('carol', {}),
] as const satisfies Identity[];

/** Another user cannot sign in. The fault is a key of the page's words. */
export class Unknowable extends Error {
  readonly fault: 'badUser' | 'badAttributes';
  constructor(fault: Unknowable['fault']) {
    super(fault);
    this.fault = fault;
  }
}

const ROLES = new Set<string>(IDENTITIES.filter(({ kind }) => kind === 'role').map(({ sub }) => sub));

/** An identity of the list, or any other user, with `attrs` (JSON) as attributes. Throws an Unknowable. */
export function chosen(sub: string, attrs: string | null): Identity {
  const listed = IDENTITIES.find((one) => one.sub === sub);
  if (listed && attrs === null) return listed;
  if (!/^[\x21-\x7e]{1,255}$/.test(sub) || ROLES.has(sub)) throw new Unknowable('badUser');
  return user(sub, attributesIn(attrs ?? ''));
}

function attributesIn(text: string): Identity['attrs'] {
  try {
    const parsed = JSON.parse(text.trim() || '{}') as unknown;
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Identity['attrs'];
  } catch {
    // reported below
  }
  throw new Unknowable('badAttributes');
}
