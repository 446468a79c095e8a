// The rules of a voucher: its nodes, the return of units to its pool, and who waits for them.
import { anyOf, arrayOf, choice, judged, maybe, named, orNull, record, text, whole, type TypeOf } from './schema.ts';

export const NODE = choice('enable', 'claim', 'use', 'terminate');
export type Node = TypeOf<typeof NODE>;
/** A rule that `POST /v1/rules/check` checks: the condition of a node, or the rank of a waiting list. */
export const RULE_NODE = choice('enable', 'claim', 'use', 'terminate', 'rank');
export type RuleNode = TypeOf<typeof RULE_NODE>;

export const LIMIT = { ...orNull(whole(1)), description: 'null: no limit' };
export const DURATION = { ...text(), format: 'duration', examples: ['P7D'] };
export const WHEN = judged(
  { ...text(4_096), description: 'CEL', examples: ["user.tier in ['gold', 'vip']"] },
  { format: 'condition' },
);

/** The recorded attributes of a node. Absent means none. */
const RECORD = {
  ...arrayOf(judged(text(200), { minLength: 1, format: 'attribute' }), 20),
  description: 'user attributes kept as facts with each decision at this node, beside those that conditions name',
};
export const RULES = {
  enable: named('EnableNode', record({ when: WHEN })),
  claim: named('ClaimNode', record({ when: WHEN, perUser: LIMIT, record: maybe(RECORD) })),
  use: named('UseNode', record({ when: WHEN, perClaim: LIMIT, record: maybe(RECORD) })),
  terminate: named('TerminateNode', record({ when: WHEN, claims: choice('honour', 'revoke') })),
};
export const NODES = named('Nodes', record(RULES));
export interface Nodes extends TypeOf<typeof NODES> {}

export const POOL = named(
  'PoolPolicy',
  record({
    expired: choice('return', 'retire'),
    released: choice('return', 'retire'),
    revoked: choice('return', 'retire'),
    rolledBack: choice('hold', 'return', 'retire'),
  }),
);
export interface PoolPolicy extends TypeOf<typeof POOL> {}

export const WAITING_LIST = named(
  'WaitingList',
  record({
    limit: { ...LIMIT, description: 'entries that may wait or be offered at once; null: no limit' },
    rank: { ...WHEN, description: 'CEL: a number from −1000 to 1000; the highest is next', examples: ['0'] },
    offerFor: DURATION,
    /** An offer is made only while at least this much time to use the unit would be left. */
    minUse: DURATION,
  }),
);
export interface WaitingList extends TypeOf<typeof WAITING_LIST> {}
export const NOTICES = {
  ...arrayOf(DURATION, 5),
  description: 'how long before its end an event says that a claim expires soon',
};
export const EXTENSION_FIELDS = record({ length: DURATION, times: whole(1) });
export const EXTENSION = named('Extension', EXTENSION_FIELDS);
/** By how much, and how often, a claim's user may move its end. */
export interface Extension extends TypeOf<typeof EXTENSION> {}

const GROUP = judged({ ...text(63, 1), examples: ['welcome'] }, { format: 'group' });
export const COMBINATION = named(
  'Combination',
  record({
    group: GROUP,
    with: judged(
      {
        ...anyOf(choice('any', 'none'), { ...arrayOf(GROUP, 20), minItems: 1, uniqueItems: true }),
        description: 'the groups that may be on one order with it; none: it is alone there',
      },
      { format: 'groups' },
    ),
    perOrder: { ...whole(1), description: 'claims of this voucher on one order' },
    priority: { ...whole(-1_000, 1_000), description: 'higher ones are applied first' },
  }),
  'How a voucher is used together with others. Its claims are used by order calls alone',
);
export interface Combination extends TypeOf<typeof COMBINATION> {}
