export const SCOPES = [
  'vouchers:read',
  'vouchers:write',
  'vouchers:publish',
  'pages:read',
  'claims:write',
  'claims:act',
  'redemptions:write',
  'ledger:read',
  'clock:set',
] as const;
export type Scope = (typeof SCOPES)[number];
