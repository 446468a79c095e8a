// The shape of a voucher's spec as callers send it: contract.md, VoucherSpec.
import { DAYS } from '../time/hours.ts';
import { list, object, oneOf, orNull, type Shape, text, value, variant, whole, words } from './shape.ts';
import { currency, hoursFrom, hoursTo, length, time, url, zone } from './texts.ts';

const MOST_GOODS = 20_000;
const MOST_HOURS = 50;
const MOST_LABELS = 20;
const MOST_RECORDED = 20;

const sku = text(200, 1);
const name = words(200, 1);
const caption = words(200);
const label = text(200);
const limit = orNull(whole(1));
/** Every decision knows `user.id`, which is no attribute. */
const attributeName: Shape = (given, pointer, faults) => {
  if (given === 'id') faults.push({ pointer, message: 'is no attribute: user.id is always kept' });
  else name(given, pointer, faults);
};
const recorded = list(attributeName, MOST_RECORDED);
/** Conditions are read where everything else of a spec has its shape. */
const condition = value('a CEL condition', (given) => typeof given === 'string');

const hours = list(
  object({ days: list(oneOf(...DAYS), 7, 1), from: hoursFrom, to: hoursTo }, ['days', 'from', 'to']),
  MOST_HOURS,
);
const range = { from: time, to: time };

const windows = object(
  {
    timeZone: zone,
    valid: object(range, ['from', 'to']),
    claim: object({ ...range, hours }),
    use: object({ ...range, afterClaim: object({ delay: length, length }, ['delay', 'length']), hours }),
  },
  ['timeZone', 'valid'],
);

const type = text(20);
const benefit = variant({
  'amount-off': object({ type, amount: whole(0), currency }, ['amount', 'currency']),
  'percent-off': object(
    {
      type,
      percent: value(
        'a number above 0, at most 100',
        (given) => typeof given === 'number' && given > 0 && given <= 100,
      ),
      maxAmount: whole(0),
      currency,
    },
    ['percent'],
  ),
  gift: object({ type, sku, name }, ['sku', 'name']),
  'interest-free': object({ type, days: whole(1) }, ['days']),
  access: object({ type, name }, ['name']),
});

const prose = text(4_000);
const operations = object({
  claimLabel: caption,
  afterClaim: variant({
    link: object({ type, url, text: prose }, ['url']),
    message: object({ type, url, text: prose }),
    none: object({ type, url, text: prose }),
  }),
  popup: object({ trigger: oneOf('on-load', 'on-claim', 'none'), title: caption, text: prose }, ['trigger']),
});

const LABEL_NAME = /^[a-z0-9-]{1,63}$/;
const labels: Shape = (given, pointer, faults) => {
  const names = typeof given === 'object' && given !== null ? Object.keys(given) : [];
  if (names.length > MOST_LABELS) {
    faults.push({ pointer, message: `at most ${MOST_LABELS} labels` });
    return;
  }
  object(Object.fromEntries(names.filter((one) => LABEL_NAME.test(one)).map((one) => [one, label])))(
    given,
    pointer,
    faults,
  );
};

const kept = oneOf('return', 'retire');

export const specShape = object(
  {
    name,
    description: prose,
    resourceType: oneOf('coupon', 'gift', 'interest-free', 'access'),
    benefit,
    quantities: object({ push: limit, claim: limit, redeem: limit }),
    windows,
    goods: list(object({ sku, name: caption }, ['sku']), MOST_GOODS),
    operations,
    nodes: object({
      enable: object({ when: condition }),
      claim: object({ when: condition, perUser: limit, record: recorded }),
      use: object({ when: condition, perClaim: limit, record: recorded }),
      terminate: object({ when: condition, claims: oneOf('honour', 'revoke') }),
    }),
    pool: object({ expired: kept, released: kept, revoked: kept, rolledBack: oneOf('hold', 'return', 'retire') }),
    labels,
    clock: oneOf('wall', 'submissions'),
  },
  ['name', 'resourceType', 'windows'],
);
