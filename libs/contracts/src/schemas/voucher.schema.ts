// The vouchers that staff configure. The domain's `specFaults` validates a spec. Times in a spec are RFC 3339; a
// complete spec has them in UTC with milliseconds.
import {
  COMBINATION,
  DURATION,
  EXTENSION,
  EXTENSION_FIELDS,
  LIMIT,
  NODES,
  NOTICES,
  POOL,
  RULES,
  WAITING_LIST,
} from './rules.schema.ts';
import {
  anyOf,
  arrayOf,
  bodyOf,
  choice,
  exact,
  FLAG,
  ID,
  judged,
  mapOf,
  maybe,
  named,
  NUMBER,
  oneOf,
  orNull,
  OWN_ID,
  partial,
  record,
  text,
  TIME,
  VERSION,
  whole,
  type Schema,
  type TypeOf,
} from './schema.ts';

const CLOCK_TIME = { ...text(), examples: ['10:00'], description: '`24:00` may end a day' };
/** A text for people. It has visible characters. */
const WORDS = { ...text(200), format: 'words' };
/** A required text for people. */
export const TITLE = { ...text(200, 1), format: 'words' };
const SKU = judged(text(), text(200, 1));
const DAY = choice('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
export type Day = TypeOf<typeof DAY>;

const HOURS_ENTRY = named(
  'Hours',
  record({
    days: judged(arrayOf(DAY), { minItems: 1, maxItems: 7 }),
    from: judged(CLOCK_TIME, { format: 'clock-time' }),
    to: judged(CLOCK_TIME, { format: 'clock-time-or-midnight' }),
  }),
);
/** Half-open hours in the voucher's zone. If `from` > `to`, they run past midnight. */
export interface Hours extends TypeOf<typeof HOURS_ENTRY> {}
const HOURS = arrayOf(HOURS_ENTRY, 50);

const RANGE = named('TimeRange', record({ from: TIME, to: TIME }));
export interface Range extends TypeOf<typeof RANGE> {}

const AFTER_CLAIM = named('AfterClaim', record({ delay: DURATION, length: DURATION }));
/** ISO 8601 durations. Years to days follow the calendar of the voucher's zone; smaller units are exact. */
export interface AfterClaim extends TypeOf<typeof AFTER_CLAIM> {}

const CLAIM_WINDOW = named('Window', record({ from: TIME, to: TIME, hours: maybe(HOURS) }));
export interface ClaimWindow extends TypeOf<typeof CLAIM_WINDOW> {}

const USE_WINDOW = named(
  'UseWindow',
  anyOf(CLAIM_WINDOW, named('WindowAfterClaim', record({ afterClaim: AFTER_CLAIM, hours: maybe(HOURS) }))),
);
/** A range or `afterClaim`. */
export type UseWindow = TypeOf<typeof USE_WINDOW>;

const TIME_ZONE = judged({ ...text(), examples: ['Asia/Shanghai'] }, { format: 'time-zone' });

export const WINDOWS = named(
  'Windows',
  record({ timeZone: TIME_ZONE, valid: RANGE, claim: CLAIM_WINDOW, use: USE_WINDOW }),
  'Half-open: `from` belongs to it, `to` does not',
);
export interface Windows extends TypeOf<typeof WINDOWS> {}

const CURRENCY = judged(
  { ...text(3), description: 'ISO 4217; a spec that is sent must name one in use' },
  { format: 'currency' },
);
export const BENEFIT = named(
  'Benefit',
  oneOf(
    named('AmountOff', record({ type: choice('amount-off'), amount: whole(0), currency: CURRENCY })),
    named(
      'PercentOff',
      record({
        type: choice('percent-off'),
        percent: judged(NUMBER, { exclusiveMinimum: 0, maximum: 100 }),
        maxAmount: maybe(whole(0)),
        currency: maybe({ ...CURRENCY, description: `${String(CURRENCY['description'])}; needed beside maxAmount` }),
      }),
    ),
    named('Gift', record({ type: choice('gift'), sku: SKU, name: judged(text(), TITLE) })),
    named('InterestFree', record({ type: choice('interest-free'), days: whole(1) })),
    named('Access', record({ type: choice('access'), name: judged(text(), TITLE) })),
  ),
);
export type Benefit = TypeOf<typeof BENEFIT>;

export const RESOURCE_TYPE = choice('coupon', 'gift', 'interest-free', 'access');
export type ResourceType = TypeOf<typeof RESOURCE_TYPE>;

const LINK = judged({ ...text(2_000), description: 'https' }, { format: 'https-url' });
const PROSE = judged(text(), text(4_000));
const AFTERWARDS = judged(
  named('NextStep', record({ type: choice('link', 'message', 'none'), url: maybe(LINK), text: maybe(PROSE) })),
  oneOf(
    record({ type: choice('link'), url: LINK, text: maybe(PROSE) }),
    record({ type: choice('message', 'none'), url: maybe(LINK), text: maybe(PROSE) }),
  ),
);
const POPUP = named(
  'Popup',
  record({
    trigger: choice('on-load', 'on-claim', 'none'),
    title: maybe(judged(text(200), WORDS)),
    text: maybe(text(4_000)),
  }),
);

export const OPERATIONS = named(
  'Operations',
  record({ claimLabel: maybe(judged(text(200), WORDS)), afterClaim: maybe(AFTERWARDS), popup: maybe(POPUP) }),
  'What a page does with it',
);
export interface Operations extends TypeOf<typeof OPERATIONS> {}

const BUDGET_FIELDS = record({ amount: whole(1), currency: CURRENCY });
const BUDGET = named('Budget', BUDGET_FIELDS, 'The money that its redemptions may take off in all');
const LIMITS = { push: LIMIT, claim: LIMIT, redeem: LIMIT };
const QUANTITIES = named('Quantities', record({ ...LIMITS, budget: maybe(BUDGET) }));
/** `claim` counts units, `push` users, `redeem` uses, and `budget` money. Without a budget it is absent. */
export interface Quantities extends TypeOf<typeof QUANTITIES> {}

const ARTICLE = named('Article', record({ sku: SKU, name: maybe(judged(text(), WORDS)) }));
export interface Goods extends TypeOf<typeof ARTICLE> {}
const GOODS = arrayOf(ARTICLE, 20_000);
const LABELS = judged(
  { title: 'Labels', ...mapOf(text(200)), maxProperties: 20 },
  { propertyNames: { pattern: '^[a-z0-9-]{1,63}$' } },
);
const CLOCK = choice('wall', 'submissions');

/** A team as tokens name it. */
const TEAM = judged(text(255, 1), { format: 'party' });
const TEAMS = judged(anyOf(choice('any'), { ...arrayOf(TEAM, 20), minItems: 1, uniqueItems: true }), {
  format: 'teams',
});
/** 1 to 20 teams, or `any`. */
export type Teams = TypeOf<typeof TEAMS>;
const REDEEMERS = {
  title: 'Redeemers',
  ...TEAMS,
  description:
    'the teams whose services redeem it, roll back and read its redemptions; default: the own team with TENANCY=team, else any; absent in versions of 0.1.0: any',
};
const PLACEMENTS = {
  title: 'Placements',
  ...TEAMS,
  description: 'the teams on whose pages it may stand; default as for `redeemers`',
};

const SPEC = {
  name: judged(text(200), TITLE),
  description: text(4_000),
  resourceType: RESOURCE_TYPE,
  benefit: maybe(BENEFIT),
  quantities: QUANTITIES,
  windows: WINDOWS,
  goods: GOODS,
  operations: OPERATIONS,
  nodes: NODES,
  pool: POOL,
  labels: LABELS,
  clock: CLOCK,
  redeemers: maybe(REDEEMERS),
  placements: maybe(PLACEMENTS),
  waitingList: maybe(WAITING_LIST),
  notices: maybe(NOTICES),
  extension: maybe(EXTENSION),
  combine: maybe(COMBINATION),
};

export const VOUCHER_SPEC = named('VoucherSpec', record(SPEC), 'With every default filled in');
export interface VoucherSpec extends TypeOf<typeof VOUCHER_SPEC> {}

/** A part of a sent spec in which fields with a default may be absent. */
const sent = <T>(title: string, schema: Schema<T>): Schema<T> => named(title, exact(schema));

/** A spec that a caller may send. */
export const VOUCHER_SPEC_INPUT = named(
  'VoucherSpecInput',
  bodyOf(
    record({
      ...SPEC,
      description: maybe(SPEC.description),
      quantities: maybe(
        sent(
          'QuantitiesInput',
          partial(record({ ...LIMITS, budget: maybe(orNull(sent('BudgetInput', BUDGET_FIELDS))) })),
        ),
      ),
      windows: sent(
        'WindowsInput',
        record({
          timeZone: TIME_ZONE,
          valid: RANGE,
          claim: maybe(sent('WindowInput', partial(CLAIM_WINDOW))),
          use: maybe(
            sent(
              'UseWindowInput',
              record({ from: maybe(TIME), to: maybe(TIME), afterClaim: maybe(AFTER_CLAIM), hours: maybe(HOURS) }),
            ),
          ),
        }),
      ),
      goods: maybe(GOODS),
      operations: maybe(OPERATIONS),
      nodes: maybe(
        sent(
          'NodesInput',
          record({
            enable: maybe(sent('EnableNodeInput', partial(RULES.enable))),
            claim: maybe(sent('ClaimNodeInput', partial(RULES.claim))),
            use: maybe(sent('UseNodeInput', partial(RULES.use))),
            terminate: maybe(sent('TerminateNodeInput', partial(RULES.terminate))),
          }),
        ),
      ),
      pool: maybe(sent('PoolPolicyInput', partial(POOL))),
      labels: maybe(LABELS),
      clock: maybe(CLOCK),
      waitingList: maybe(orNull(sent('WaitingListInput', partial(WAITING_LIST)))),
      notices: maybe(orNull(NOTICES)),
      extension: maybe(orNull(sent('ExtensionInput', EXTENSION_FIELDS))),
      combine: maybe(orNull(sent('CombinationInput', partial(COMBINATION)))),
    }),
  ),
);
export interface VoucherSpecInput extends TypeOf<typeof VOUCHER_SPEC_INPUT> {}

/** The body of `POST /v1/vouchers/batch`. The domain judges its items, and release 0.1.0 let `publish` be null. */
export const VOUCHER_BATCH = named(
  'VoucherBatch',
  exact(
    record({
      items: judged(arrayOf(VOUCHER_SPEC_INPUT, 1_000), { items: {} }),
      publish: maybe(judged(FLAG, { type: ['boolean', 'null'] })),
    }),
  ),
);

/** A voucher's status, with the result of its enable node. */
export const VOUCHER_STATE = choice('draft', 'published', 'enabled', 'paused', 'terminated');
export type VoucherStatus = TypeOf<typeof VOUCHER_STATE>;

export const VOUCHER = named(
  'Voucher',
  record({
    ...SPEC,
    id: ID,
    version: whole(1),
    state: VOUCHER_STATE,
    team: text(),
    createdAt: TIME,
    updatedAt: TIME,
    updatedBy: text(),
  }),
);
export interface Voucher extends TypeOf<typeof VOUCHER> {}

/** The state that config wants for a voucher. */
export const INTENT = choice('draft', 'published', 'paused', 'terminated');
export type Intent = TypeOf<typeof INTENT>;

export const DEFINITION = named(
  'Definition',
  record({
    voucherId: OWN_ID,
    version: VERSION,
    intent: INTENT,
    team: text(),
    by: text(),
    /** The time at which config wrote it. For the ledger, the record's broker time counts instead. */
    at: TIME,
    spec: VOUCHER_SPEC,
  }),
  'One version of a voucher as it travels; its goods stay behind',
);
/**
 * One version of a voucher in a record. On `voucher.definitions.v1` it has its goods; on `voucher.submissions.v1` and
 * in `voucher.defined.v1` its `goods` are empty.
 */
export interface Definition extends TypeOf<typeof DEFINITION> {}
