/** The values of fields that a spec's author leaves out. */
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

/** The values of fields that the author of a combination leaves out. Without the combination, they count as well. */
export const COMBINATION_DEFAULTS = { group: 'default', with: 'any', perOrder: 1, priority: 0 } as const;

/** The values of fields that the author of a waiting list leaves out. Without the list, there are none. */
export const WAITING_LIST_DEFAULTS = { limit: null, rank: '0', offerFor: 'PT24H', minUse: 'PT0S' } as const;
