// What the OpenAPI document says of a VoucherSpec. The judge is `specFaults`: this only describes.
type Schema = Record<string, unknown>;

const text = (maxLength: number): Schema => ({ type: 'string', maxLength });
const choice = (...values: string[]): Schema => ({ type: 'string', enum: values });
const whole = (minimum: number): Schema => ({ type: 'integer', minimum });
const limit: Schema = { type: 'integer', minimum: 1, nullable: true, description: 'null: no limit' };
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length > 0 && { required }),
});

const time: Schema = { type: 'string', format: 'date-time' };
const duration: Schema = { type: 'string', format: 'duration' };
const clockTime: Schema = { type: 'string', example: '10:00', description: '`24:00` may end a day' };
const hours: Schema = {
  type: 'array',
  maxItems: 50,
  items: object(
    {
      days: { type: 'array', items: choice('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU') },
      from: clockTime,
      to: clockTime,
    },
    ['days', 'from', 'to'],
  ),
};
const when: Schema = { type: 'string', maxLength: 4_096, description: 'CEL', example: "user.tier in ['gold', 'vip']" };
const benefit = (type: string, properties: Record<string, Schema>, required: string[]): Schema =>
  object({ type: choice(type), ...properties }, ['type', ...required]);

/** A VoucherSpec as a caller may send it. */
export const VOUCHER_SPEC_SCHEMA = object(
  {
    name: text(200),
    description: text(4_000),
    resourceType: choice('coupon', 'gift', 'interest-free', 'access'),
    benefit: {
      oneOf: [
        benefit('amount-off', { amount: whole(0), currency: text(3) }, ['amount', 'currency']),
        benefit('percent-off', { percent: { type: 'number' }, maxAmount: whole(0), currency: text(3) }, ['percent']),
        benefit('gift', { sku: { type: 'string' }, name: { type: 'string' } }, ['sku', 'name']),
        benefit('interest-free', { days: whole(1) }, ['days']),
        benefit('access', { name: { type: 'string' } }, ['name']),
      ],
    },
    quantities: object({ push: limit, claim: limit, redeem: limit }),
    windows: object(
      {
        timeZone: { type: 'string', example: 'Asia/Shanghai' },
        valid: object({ from: time, to: time }, ['from', 'to']),
        claim: object({ from: time, to: time, hours }),
        use: object({
          from: time,
          to: time,
          afterClaim: object({ delay: duration, length: duration }, ['delay', 'length']),
          hours,
        }),
      },
      ['timeZone', 'valid'],
    ),
    goods: {
      type: 'array',
      maxItems: 20_000,
      items: object({ sku: { type: 'string' }, name: { type: 'string' } }, ['sku']),
    },
    operations: object({
      claimLabel: text(200),
      afterClaim: object({ type: choice('link', 'message', 'none'), url: text(2_000), text: { type: 'string' } }, [
        'type',
      ]),
      popup: object({ trigger: choice('on-load', 'on-claim', 'none'), title: text(200), text: text(4_000) }, [
        'trigger',
      ]),
    }),
    nodes: object({
      enable: object({ when }),
      claim: object({ when, perUser: limit }),
      use: object({ when, perClaim: limit }),
      terminate: object({ when, claims: choice('honour', 'revoke') }),
    }),
    pool: object({
      expired: choice('return', 'retire'),
      released: choice('return', 'retire'),
      revoked: choice('return', 'retire'),
      rolledBack: choice('hold', 'return', 'retire'),
    }),
    labels: { type: 'object', maxProperties: 20, additionalProperties: text(200) },
    clock: choice('wall', 'submissions'),
  },
  ['name', 'resourceType', 'windows'],
);

/** `POST /v1/vouchers/batch`. */
export const VOUCHER_BATCH_SCHEMA = object(
  { items: { type: 'array', maxItems: 1_000, items: VOUCHER_SPEC_SCHEMA }, publish: { type: 'boolean' } },
  ['items'],
);
