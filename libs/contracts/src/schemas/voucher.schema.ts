// What OpenAPI says of a voucher. The judge of a spec is the domain's `specFaults`: this only describes.
import type {
  AfterClaim,
  Benefit,
  ClaimWindow,
  Definition,
  Goods,
  Hours,
  Nodes,
  Operations,
  PoolPolicy,
  Quantities,
  Range,
  Voucher,
  VoucherSpec,
  VoucherSpecInput,
  Windows,
} from '../voucher.ts';
import {
  anyOf,
  arrayOf,
  choice,
  closed,
  FLAG,
  ID,
  mapOf,
  maybe,
  named,
  orNull,
  partial,
  record,
  text,
  TIME,
  whole,
  type Schema,
} from './schema.ts';

const LIMIT = { ...orNull(whole(1)), description: 'null: no limit' };
const CLOCK_TIME = { ...text(), examples: ['10:00'], description: '`24:00` may end a day' };
const DURATION = { type: 'string', format: 'duration', examples: ['P7D'] };
const WHEN = { ...text(4_096), description: 'CEL', examples: ["user.tier in ['gold', 'vip']"] };

const HOURS = arrayOf(
  record<Hours>({
    days: arrayOf(choice('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')),
    from: CLOCK_TIME,
    to: CLOCK_TIME,
  }),
  50,
);
const RANGE = record<Range>({ from: TIME, to: TIME });
const AFTER_CLAIM = record<AfterClaim>({ delay: DURATION, length: DURATION });
const CLAIM_WINDOW = record<ClaimWindow>({ from: TIME, to: TIME, hours: maybe(HOURS) });

export const WINDOWS = named(
  'Windows',
  record<Windows>({
    timeZone: { type: 'string', examples: ['Asia/Shanghai'] },
    valid: RANGE,
    claim: CLAIM_WINDOW,
    use: anyOf(
      CLAIM_WINDOW,
      record<{ afterClaim: AfterClaim; hours?: Hours[] }>({ afterClaim: AFTER_CLAIM, hours: maybe(HOURS) }),
    ),
  }),
  'Half-open: `from` belongs to it, `to` does not',
);

const CURRENCY = { ...text(3), description: 'ISO 4217; a spec that is sent must name one in use' };
type BenefitOf<T extends Benefit['type']> = Extract<Benefit, { type: T }>;
export const BENEFIT = named('Benefit', {
  oneOf: [
    record<BenefitOf<'amount-off'>>({ type: choice('amount-off'), amount: whole(0), currency: CURRENCY }),
    record<BenefitOf<'percent-off'>>({
      type: choice('percent-off'),
      percent: { type: 'number' },
      maxAmount: maybe(whole(0)),
      currency: maybe({ ...CURRENCY, description: `${CURRENCY.description}; needed beside maxAmount` }),
    }),
    record<BenefitOf<'gift'>>({ type: choice('gift'), sku: text(), name: text() }),
    record<BenefitOf<'interest-free'>>({ type: choice('interest-free'), days: whole(1) }),
    record<BenefitOf<'access'>>({ type: choice('access'), name: text() }),
  ],
});

export const RESOURCE_TYPE = choice('coupon', 'gift', 'interest-free', 'access');

export const OPERATIONS = named(
  'Operations',
  record<Operations>({
    claimLabel: maybe(text(200)),
    afterClaim: maybe(
      record<NonNullable<Operations['afterClaim']>>({
        type: choice('link', 'message', 'none'),
        url: maybe({ ...text(2_000), description: 'https' }),
        text: maybe(text()),
      }),
    ),
    popup: maybe(
      record<NonNullable<Operations['popup']>>({
        trigger: choice('on-load', 'on-claim', 'none'),
        title: maybe(text(200)),
        text: maybe(text(4_000)),
      }),
    ),
  }),
  'What a page does with it',
);

const QUANTITIES = record<Quantities>({ push: LIMIT, claim: LIMIT, redeem: LIMIT });
const RECORD = {
  ...arrayOf(text(200), 20),
  description: 'user attributes kept as facts with each decision at this node, beside those that conditions name',
};
const NODE: { [N in keyof Nodes]: Schema } = {
  enable: record<Nodes['enable']>({ when: WHEN }),
  claim: record<Nodes['claim']>({ when: WHEN, perUser: LIMIT, record: maybe(RECORD) }),
  use: record<Nodes['use']>({ when: WHEN, perClaim: LIMIT, record: maybe(RECORD) }),
  terminate: record<Nodes['terminate']>({ when: WHEN, claims: choice('honour', 'revoke') }),
};
const POOL = record<PoolPolicy>({
  expired: choice('return', 'retire'),
  released: choice('return', 'retire'),
  revoked: choice('return', 'retire'),
  rolledBack: choice('hold', 'return', 'retire'),
});
const GOODS = arrayOf(record<Goods>({ sku: text(), name: maybe(text()) }), 20_000);
const LABELS = { ...mapOf(text(200)), maxProperties: 20 };
const CLOCK = choice('wall', 'submissions');

const SPEC = {
  name: text(200),
  description: text(4_000),
  resourceType: RESOURCE_TYPE,
  benefit: maybe(BENEFIT),
  quantities: QUANTITIES,
  windows: WINDOWS,
  goods: GOODS,
  operations: OPERATIONS,
  nodes: record<Nodes>(NODE),
  pool: POOL,
  labels: LABELS,
  clock: CLOCK,
};

export const VOUCHER_SPEC = named('VoucherSpec', record<VoucherSpec>(SPEC), 'With every default filled in');

type UseWindowInput = NonNullable<VoucherSpecInput['windows']['use']>;
/** A VoucherSpec as a caller may send it. */
export const VOUCHER_SPEC_INPUT = named(
  'VoucherSpecInput',
  closed(
    record<VoucherSpecInput>({
      ...SPEC,
      description: maybe(SPEC.description),
      quantities: maybe(partial(QUANTITIES)),
      windows: record<VoucherSpecInput['windows']>({
        timeZone: { type: 'string', examples: ['Asia/Shanghai'] },
        valid: RANGE,
        claim: maybe(partial(CLAIM_WINDOW)),
        use: maybe(
          record<UseWindowInput>({
            from: maybe(TIME),
            to: maybe(TIME),
            afterClaim: maybe(AFTER_CLAIM),
            hours: maybe(HOURS),
          }),
        ),
      }),
      goods: maybe(GOODS),
      operations: maybe(OPERATIONS),
      nodes: maybe(
        record<NonNullable<VoucherSpecInput['nodes']>>({
          enable: maybe(partial(NODE.enable)),
          claim: maybe(partial(NODE.claim)),
          use: maybe(partial(NODE.use)),
          terminate: maybe(partial(NODE.terminate)),
        }),
      ),
      pool: maybe(partial(POOL)),
      labels: maybe(LABELS),
      clock: maybe(CLOCK),
    }),
  ),
);

/** `POST /v1/vouchers/batch`. */
export const VOUCHER_BATCH = named('VoucherBatch', {
  ...record<{ items: VoucherSpecInput[]; publish?: boolean }>({
    items: arrayOf(VOUCHER_SPEC_INPUT, 1_000),
    publish: maybe(FLAG),
  }),
  additionalProperties: false,
});

export const VOUCHER_STATE = choice('draft', 'published', 'enabled', 'paused', 'terminated');

export const VOUCHER = named(
  'Voucher',
  record<Voucher>({
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

export const INTENT = choice('draft', 'published', 'paused', 'terminated');

export const DEFINITION = named(
  'Definition',
  record<Definition>({
    voucherId: ID,
    version: whole(1),
    intent: INTENT,
    team: text(),
    by: text(),
    at: TIME,
    spec: VOUCHER_SPEC,
  }),
  'One version of a voucher as it travels; its goods stay behind',
);
