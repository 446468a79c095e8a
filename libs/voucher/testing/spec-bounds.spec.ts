// Tests both sides of every limit that the contract sets for a spec. Written from the contract, not from the code.
import { describe, expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { completeSpec, specFaults } from '@vouchers/voucher';

type Loose = Record<string, ReturnType<typeof JSON.parse>>;
type Change = (spec: Loose) => void;

function changed(change: Change): Record<string, unknown> {
  const spec = {
    name: 'Voucher',
    resourceType: 'coupon',
    quantities: { push: 100, claim: 10, redeem: 20 },
    windows: {
      timeZone: 'Europe/Berlin',
      valid: { from: '2026-11-01T00:00:00+01:00', to: '2026-12-01T00:00:00+01:00' },
      claim: {
        from: '2026-11-02T00:00:00+01:00',
        to: '2026-11-20T00:00:00+01:00',
        hours: [{ days: ['MO'], from: '09:00', to: '17:00' }],
      },
      use: { afterClaim: { delay: 'PT0S', length: 'P7D' } },
    },
    goods: [{ sku: 'A-1', name: 'Apple' }],
    operations: {
      claimLabel: 'Get it',
      afterClaim: { type: 'link', url: 'https://shop.example/a' },
      popup: { trigger: 'on-load', title: 'Hello', text: 'There' },
    },
    nodes: {
      enable: { when: 'true' },
      claim: { when: 'true', perUser: 1 },
      use: { when: 'true', perClaim: 2 },
      terminate: { when: 'false', claims: 'honour' },
    },
    pool: { expired: 'return' },
    labels: { campaign: '26' },
  };
  change(spec);
  return spec;
}

const pointers = (spec: unknown): string[] => specFaults(spec).map(({ pointer }) => pointer);
const goods = (count: number) => Array.from({ length: count }, (_, number) => ({ sku: `S-${number}` }));
const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`l-${number}`, 'x']));
const hours = (count: number) => Array.from({ length: count }, () => ({ days: ['MO'], from: '09:00', to: '17:00' }));
const benefit =
  (value: object): Change =>
  (spec) =>
    (spec.benefit = value);
const day =
  (value: object): Change =>
  (spec) =>
    (spec.windows.claim.hours[0] = { days: ['MO'], from: '09:00', to: '17:00', ...value });
const use =
  (value: object): Change =>
  (spec) =>
    (spec.windows.use = value);

describe('a spec within every bound has no fault:', () => {
  it.each<[string, Change]>([
    ['as it is', () => {}],
    [
      'with only the required fields',
      (s) =>
        Object.keys(s).forEach((key) =>
          key === 'name' || key === 'resourceType'
            ? 0
            : key === 'windows'
              ? (s.windows = { timeZone: 'UTC', valid: s.windows.valid })
              : delete s[key],
        ),
    ],
    ['a name of 200 characters', (s) => (s.name = '满'.repeat(200))],
    ['a name of 200 emoji', (s) => (s.name = '😀'.repeat(200))],
    ['an empty claim label', (s) => (s.operations.claimLabel = '')],
    ['a URL of 2,000 code points', (s) => (s.operations.afterClaim.url = `https://shop.example/${'😀'.repeat(1979)}`)],
    ['a description of 4,000', (s) => (s.description = 'x'.repeat(4000))],
    ['a label of 200', (s) => (s.operations.claimLabel = 'x'.repeat(200))],
    ['a popup title of 200', (s) => (s.operations.popup.title = 'x'.repeat(200))],
    ['a popup text of 4,000', (s) => (s.operations.popup.text = 'x'.repeat(4000))],
    ['a URL of 2,000', (s) => (s.operations.afterClaim.url = `https://shop.example/${'a'.repeat(1979)}`)],
    [
      'no limits',
      (s) => {
        s.quantities = { push: null, claim: null, redeem: null };
        s.nodes.claim.perUser = null;
        s.nodes.claim.record = Array.from({ length: 20 }, (_, number) => `attribute ${number}`);
        s.nodes.use.record = ['c'.repeat(200)];
        s.nodes.use.perClaim = null;
      },
    ],
    ['push = claim', (s) => (s.quantities.push = 10)],
    ['redeem = claim × perClaim', (s) => (s.quantities.redeem = 20)],
    [
      'redeem without a claim quantity',
      (s) => {
        s.quantities = { redeem: 1000 };
      },
    ],
    [
      'redeem without a limit per claim',
      (s) => {
        s.quantities.redeem = 1000;
        s.nodes.use.perClaim = null;
      },
    ],
    ['claim = valid', (s) => (s.windows.claim = { ...s.windows.valid })],
    ['a claim window that has only hours', (s) => (s.windows.claim = { hours: hours(1) })],
    ['a use window that has only hours', use({ hours: hours(1) })],
    ['a range in use', use({ from: '2026-11-05T00:00:00Z', to: '2026-11-06T00:00:00Z' })],
    ['afterClaim with hours', use({ afterClaim: { delay: 'P1D', length: 'P1MT1H' }, hours: hours(1) })],
    ['24:00 as an end', day({ to: '24:00' })],
    ['a whole day', day({ from: '00:00', to: '24:00' })],
    ['past midnight', day({ from: '22:00', to: '02:00' })],
    ['50 hours entries', (s) => (s.windows.claim.hours = hours(50))],
    ['20,000 goods', (s) => (s.goods = goods(20_000))],
    ['20 labels', (s) => (s.labels = labels(20))],
    ['a label name of 63 and a value of 200', (s) => (s.labels = { ['a'.repeat(63)]: 'x'.repeat(200) })],
    ['amount-off nothing', benefit({ type: 'amount-off', amount: 0, currency: 'CNY' })],
    ['percent-off', benefit({ type: 'percent-off', percent: 10 })],
    ['percent-off up to', benefit({ type: 'percent-off', percent: 10, maxAmount: 500, currency: 'EUR' })],
    ['a gift', benefit({ type: 'gift', sku: 'A-1', name: 'Apple' })],
    ['interest-free', benefit({ type: 'interest-free', days: 30 })],
    ['access', benefit({ type: 'access', name: 'Lounge' })],
    ['a message', (s) => (s.operations.afterClaim = { type: 'message', text: 'Thanks' })],
    ['no operation', (s) => (s.operations = { afterClaim: { type: 'none' }, popup: { trigger: 'none' } })],
    ['the clock of submissions', (s) => (s.clock = 'submissions')],
  ])('%s', (_, change) => {
    expect(specFaults(changed(change))).toEqual([]);
  });
});

describe('a fault has the pointer to its field:', () => {
  it.each<[string, string, Change]>([
    ['no name', '/name', (s) => delete s.name],
    ['no resource type', '/resourceType', (s) => delete s.resourceType],
    ['no windows', '/windows', (s) => delete s.windows],
    ['no zone', '/windows/timeZone', (s) => delete s.windows.timeZone],
    ['no valid window', '/windows/valid', (s) => delete s.windows.valid],
    ['no end', '/windows/valid/to', (s) => delete s.windows.valid.to],
    ['unknown field', '/colour', (s) => (s.colour = 'red')],
    ['unknown field of windows', '/windows/colour', (s) => (s.windows.colour = 'red')],
    ['unknown field of valid', '/windows/valid/hours', (s) => (s.windows.valid.hours = hours(1))],
    ['unknown field of hours', '/windows/claim/hours/0/colour', day({ colour: 'red' })],
    ['unknown field of a node', '/nodes/enable/perUser', (s) => (s.nodes.enable.perUser = 1)],
    ['unknown node', '/nodes/push', (s) => (s.nodes.push = { when: 'true' })],
    ['unknown field of quantities', '/quantities/lock', (s) => (s.quantities.lock = 1)],
    ['unknown field of the pool', '/pool/locked', (s) => (s.pool.locked = 'return')],
    ['unknown field of a good', '/goods/0/colour', (s) => (s.goods[0].colour = 'red')],
    ['unknown field of the popup', '/operations/popup/colour', (s) => (s.operations.popup.colour = 'red')],
    ['a slash and a tilde in a name', '/a~1b~0c', (s) => (s['a/b~c'] = 1)],
    ['a name of 201 characters', '/name', (s) => (s.name = 'x'.repeat(201))],
    ['an empty name', '/name', (s) => (s.name = '')],
    ['a name of 201 emoji', '/name', (s) => (s.name = '😀'.repeat(201))],
    ['a blank name', '/name', (s) => (s.name = ' \u3000')],
    ['a name that has no width', '/name', (s) => (s.name = '\u200b\u2060\ufeff')],
    ['a blank claim label', '/operations/claimLabel', (s) => (s.operations.claimLabel = '\u00a0')],
    ['a popup title that has no width', '/operations/popup/title', (s) => (s.operations.popup.title = '\u200d')],
    ['a blank name of a good', '/goods/0/name', (s) => (s.goods[0].name = '\t')],
    ['a gift with a blank name', '/benefit/name', benefit({ type: 'gift', sku: 'A-1', name: ' ' })],
    ['an access with a blank name', '/benefit/name', benefit({ type: 'access', name: '\u2800' })],
    ['a description of 4,001', '/description', (s) => (s.description = 'x'.repeat(4001))],
    ['null for a description', '/description', (s) => (s.description = null)],
    ['a claim label of 201', '/operations/claimLabel', (s) => (s.operations.claimLabel = 'x'.repeat(201))],
    ['a popup title of 201', '/operations/popup/title', (s) => (s.operations.popup.title = 'x'.repeat(201))],
    ['a popup text of 4,001', '/operations/popup/text', (s) => (s.operations.popup.text = 'x'.repeat(4001))],
    ['another popup trigger', '/operations/popup/trigger', (s) => (s.operations.popup.trigger = 'on-leave')],
    ['another operation', '/operations/afterClaim/type', (s) => (s.operations.afterClaim.type = 'call')],
    [
      'a URL of 2,001',
      '/operations/afterClaim/url',
      (s) => (s.operations.afterClaim.url = `https://shop.example/${'a'.repeat(1980)}`),
    ],
    ['http', '/operations/afterClaim/url', (s) => (s.operations.afterClaim.url = 'http://shop.example/a')],
    ['javascript', '/operations/afterClaim/url', (s) => (s.operations.afterClaim.url = 'javascript:alert(1)')],
    ['another resource type', '/resourceType', (s) => (s.resourceType = 'cash')],
    ['push below claim', '/quantities/push', (s) => (s.quantities.push = 9)],
    ['redeem above claim × perClaim', '/quantities/redeem', (s) => (s.quantities.redeem = 21)],
    [
      'redeem above claim × 1 by default',
      '/quantities/redeem',
      (s) => {
        s.quantities.redeem = 11;
        delete s.nodes;
      },
    ],
    ['a quantity of 0', '/quantities/claim', (s) => (s.quantities = { claim: 0 })],
    ['a quantity of 1.5', '/quantities/claim', (s) => (s.quantities = { claim: 1.5 })],
    ['a quantity as text', '/quantities/claim', (s) => (s.quantities = { claim: '5' })],
    ['a quantity beyond whole numbers', '/quantities/claim', (s) => (s.quantities = { claim: 1e21 })],
    ['perUser 0', '/nodes/claim/perUser', (s) => (s.nodes.claim.perUser = 0)],
    ['21 attributes to record', '/nodes/claim/record', (s) => (s.nodes.claim.record = Array(21).fill('city'))],
    ['one attribute, no list', '/nodes/use/record', (s) => (s.nodes.use.record = 'city')],
    ['no list at all', '/nodes/use/record', (s) => (s.nodes.use.record = null)],
    ['an attribute without a name', '/nodes/claim/record/1', (s) => (s.nodes.claim.record = ['city', ''])],
    ['an attribute that is a number', '/nodes/claim/record/0', (s) => (s.nodes.claim.record = [1])],
    ['a name of 201', '/nodes/claim/record/0', (s) => (s.nodes.claim.record = ['c'.repeat(201)])],
    ["the user's own id", '/nodes/use/record/0', (s) => (s.nodes.use.record = ['id'])],
    ['a node that records nothing', '/nodes/enable/record', (s) => (s.nodes.enable.record = ['city'])],
    ['perUser 1.5', '/nodes/claim/perUser', (s) => (s.nodes.claim.perUser = 1.5)],
    ['perClaim 0', '/nodes/use/perClaim', (s) => (s.nodes.use.perClaim = 0)],
    ['another end of claims', '/nodes/terminate/claims', (s) => (s.nodes.terminate.claims = 'keep')],
    ['another policy', '/pool/expired', (s) => (s.pool.expired = 'hold')],
    ['another policy of roll back', '/pool/rolledBack', (s) => (s.pool.rolledBack = 'keep')],
    ['another clock', '/clock', (s) => (s.clock = 'atomic')],
    ['no such zone', '/windows/timeZone', (s) => (s.windows.timeZone = 'Europe/Atlantis')],
    ['an offset for a zone', '/windows/timeZone', (s) => (s.windows.timeZone = '+01:00')],
    [
      'an empty window',
      '/windows/valid/to',
      (s) => {
        s.windows = { timeZone: 'UTC', valid: { from: '2026-11-01T00:00:00Z', to: '2026-11-01T00:00:00Z' } };
      },
    ],
    [
      'a window that ends before it begins',
      '/windows/claim/to',
      (s) => (s.windows.claim.to = '2026-11-01T12:00:00+01:00'),
    ],
    ['a time without offset', '/windows/valid/from', (s) => (s.windows.valid.from = '2026-11-01T00:00:00')],
    ['a time before the year 1', '/windows/valid/from', (s) => (s.windows.valid.from = '0000-01-01T00:00:00Z')],
    ['a time past the year 9999', '/windows/valid/to', (s) => (s.windows.valid.to = '9999-12-31T23:59:59-14:00')],
    ['a day that is none', '/windows/valid/from', (s) => (s.windows.valid.from = '2026-02-30T00:00:00Z')],
    ['no text for a time', '/windows/valid/from', (s) => (s.windows.valid.from = 1793487600000)],
    ['claim before valid', '/windows/claim/from', (s) => (s.windows.claim.from = '2026-10-31T23:59:59+01:00')],
    ['claim after valid', '/windows/claim/to', (s) => (s.windows.claim.to = '2026-12-01T00:00:01+01:00')],
    ['use before valid', '/windows/use/from', use({ from: '2026-10-31T00:00:00Z', to: '2026-11-20T00:00:00Z' })],
    ['use after valid', '/windows/use/to', use({ from: '2026-11-10T00:00:00Z', to: '2026-12-20T00:00:00Z' })],
    ['an empty use window', '/windows/use/to', use({ from: '2026-11-10T00:00:00Z', to: '2026-11-10T00:00:00Z' })],
    ['a length of nothing', '/windows/use/afterClaim/length', use({ afterClaim: { delay: 'PT0S', length: 'P0D' } })],
    ['a negative delay', '/windows/use/afterClaim/delay', use({ afterClaim: { delay: '-P1D', length: 'P1D' } })],
    ['a delay that is none', '/windows/use/afterClaim/delay', use({ afterClaim: { delay: '1 day', length: 'P1D' } })],
    ['no length', '/windows/use/afterClaim/length', use({ afterClaim: { delay: 'PT0S' } })],
    ['an hours entry of nothing', '/windows/claim/hours/0/to', day({ from: '09:00', to: '09:00' })],
    ['24:00 as a beginning', '/windows/claim/hours/0/from', day({ from: '24:00', to: '09:00' })],
    ['25:00', '/windows/claim/hours/0/to', day({ to: '25:00' })],
    ['24:01', '/windows/claim/hours/0/to', day({ to: '24:01' })],
    ['9:00', '/windows/claim/hours/0/from', day({ from: '9:00' })],
    ['no days', '/windows/claim/hours/0/days', day({ days: [] })],
    ['51 hours entries', '/windows/claim/hours', (s) => (s.windows.claim.hours = hours(51))],
    ['20,001 goods', '/goods', (s) => (s.goods = goods(20_001))],
    ['a good without a sku', '/goods/0/sku', (s) => delete s.goods[0].sku],
    ['21 labels', '/labels', (s) => (s.labels = labels(21))],
    ['a label value of 201', '/labels/campaign', (s) => (s.labels.campaign = 'x'.repeat(201))],
    ['a label that is no text', '/labels/campaign', (s) => (s.labels.campaign = 26)],
    ['a label name in capitals', '/labels/Campaign', (s) => (s.labels = { Campaign: '26' })],
    ['a label name of 64', `/labels/${'a'.repeat(64)}`, (s) => (s.labels = { ['a'.repeat(64)]: 'x' })],
    ['amount-off below 0', '/benefit/amount', benefit({ type: 'amount-off', amount: -1, currency: 'CNY' })],
    ['amount-off half a cent', '/benefit/amount', benefit({ type: 'amount-off', amount: 0.5, currency: 'CNY' })],
    ['amount-off without currency', '/benefit/currency', benefit({ type: 'amount-off', amount: 1 })],
    [
      'up to an amount without currency',
      '/benefit/currency',
      benefit({ type: 'percent-off', percent: 1, maxAmount: 5 }),
    ],
    ['a currency that never was', '/benefit/currency', benefit({ type: 'amount-off', amount: 1, currency: 'RMB' })],
    ['a currency that is no more', '/benefit/currency', benefit({ type: 'amount-off', amount: 1, currency: 'DEM' })],
    [
      'a currency for tests',
      '/benefit/currency',
      benefit({ type: 'percent-off', percent: 1, maxAmount: 5, currency: 'XTS' }),
    ],
    ['another currency', '/benefit/currency', benefit({ type: 'amount-off', amount: 1, currency: 'yuan' })],
    ['another benefit', '/benefit/type', benefit({ type: 'cash' })],
    ['interest-free for 0 days', '/benefit/days', benefit({ type: 'interest-free', days: 0 })],
    ['a gift without a name', '/benefit/name', benefit({ type: 'gift', sku: 'A-1' })],
    ['a field of another benefit', '/benefit/days', benefit({ type: 'gift', sku: 'A-1', name: 'Apple', days: 3 })],
    ['a condition with an unknown name', '/nodes/claim/when', (s) => (s.nodes.claim.when = 'weather.sunny')],
    ['a condition that is not CEL', '/nodes/use/when', (s) => (s.nodes.use.when = 'order.amount >=')],
    ['a condition over 4 kB', '/nodes/claim/when', (s) => (s.nodes.claim.when = `user.tier == '${'x'.repeat(4096)}'`)],
    ['no text for a condition', '/nodes/claim/when', (s) => (s.nodes.claim.when = true)],
  ])('%s: %s', (_, pointer, change) => {
    expect(pointers(changed(change))).toContain(pointer);
  });

  it('there is one fault for each end of a window that lies outside the valid window', () => {
    const wide = changed(use({ from: '2026-10-31T00:00:00Z', to: '2026-12-20T00:00:00Z' }));
    expect(pointers(wide)).toEqual(['/windows/use/from', '/windows/use/to']);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['text', 'voucher'],
    ['windows null', changed((s) => (s.windows = null))],
    ['nodes a list', changed((s) => (s.nodes = []))],
    ['hours a text', changed((s) => (s.windows.claim.hours = 'always'))],
    ['use null', changed((s) => (s.windows.use = null))],
    [
      'range and afterClaim',
      changed((s) => (s.windows.use = { ...s.windows.valid, afterClaim: { delay: 'PT0S', length: 'P1D' } })),
    ],
    ['an unknown day', changed(day({ days: ['XX'] }))],
    ['goods null', changed((s) => (s.goods = [null]))],
    ['labels a list', changed((s) => (s.labels = ['a']))],
    ['prototype', JSON.parse('{"__proto__": {"name": "x"}, "resourceType": "coupon"}')],
  ])('%s is a fault, not an exception', (_, spec) => {
    expect(specFaults(spec).length).toBeGreaterThan(0);
  });
});

describe('a complete spec', () => {
  it('has all defaults, and its times are in UTC', () => {
    const input: VoucherSpecInput = {
      name: 'V',
      resourceType: 'gift',
      windows: {
        timeZone: 'Asia/Shanghai',
        valid: { from: '2026-11-01T00:00:00+08:00', to: '2026-12-01T00:00:00+08:00' },
      },
    };
    const valid = { from: '2026-10-31T16:00:00.000Z', to: '2026-11-30T16:00:00.000Z' };
    expect(completeSpec(input)).toEqual({
      name: 'V',
      description: '',
      resourceType: 'gift',
      quantities: { push: null, claim: null, redeem: null },
      windows: { timeZone: 'Asia/Shanghai', valid, claim: valid, use: valid },
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
    });
  });

  it.each<[string, Change, object]>([
    [
      'claim window that has only hours',
      (s) => (s.windows.claim = { hours: hours(1) }),
      { windows: { claim: { from: '2026-10-31T23:00:00.000Z', to: '2026-11-30T23:00:00.000Z', hours: hours(1) } } },
    ],
    [
      'use window that has only hours',
      use({ hours: hours(1) }),
      { windows: { use: { from: '2026-10-31T23:00:00.000Z', to: '2026-11-30T23:00:00.000Z', hours: hours(1) } } },
    ],
    [
      'missing nodes',
      (s) => (s.nodes = { use: { perClaim: 3 } }),
      { nodes: { use: { when: 'true', perClaim: 3 }, claim: { when: 'true', perUser: 1 } } },
    ],
    [
      'rest of a claim node without a limit per user',
      (s) => (s.nodes = { claim: { perUser: null } }),
      { nodes: { claim: { when: 'true', perUser: null } } },
    ],
    [
      'missing parts of the pool',
      (s) => (s.pool = { expired: 'retire' }),
      { pool: { expired: 'retire', released: 'return', revoked: 'retire', rolledBack: 'hold' } },
    ],
  ])('fills in the %s', (_, change, wanted) => {
    expect(completeSpec(changed(change) as unknown as VoucherSpecInput)).toMatchObject(wanted);
  });

  it('stays as it is when completed again', () => {
    const once = completeSpec(changed(() => {}) as unknown as VoucherSpecInput);
    expect(completeSpec(once as VoucherSpecInput)).toEqual(once);
  });
});
