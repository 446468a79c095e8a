import { expect, it } from '@jest/globals';
import type { Voucher, VoucherSpec } from '@vouchers/contracts';
import { toEach, withEnd, withLabel, type Outcome } from './bulk.ts';

const [FROM, TO, LATER] = ['2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'];
const spec = (windows: object): VoucherSpec => ({ labels: { a: '1' }, windows }) as unknown as VoucherSpec;

it('a later end moves each window that ended with the voucher', () => {
  const valid = { from: FROM, to: TO };
  const early = { from: FROM, to: '2026-11-15T00:00:00Z' };
  const moved = withEnd(LATER)(spec({ timeZone: 'UTC', valid, claim: early, use: { ...valid, hours: [] } }));
  expect(moved.windows).toEqual({
    timeZone: 'UTC',
    valid: { from: FROM, to: LATER },
    claim: early,
    use: { from: FROM, to: LATER, hours: [] },
  });
  const after = { afterClaim: { delay: 'PT0S', length: 'P7D' } };
  expect(withEnd(LATER)(spec({ valid, claim: valid, use: after })).windows.use).toEqual(after);
});

it('a label is added, or replaced', () => {
  expect(withLabel('b', '2')(spec({})).labels).toEqual({ a: '1', b: '2' });
  expect(withLabel('a', '2')(spec({})).labels).toEqual({ a: '2' });
});

it('each voucher has its own outcome, and a failure stops none', async () => {
  const outcomes: Outcome[] = [];
  const vouchers = ['a', 'b', 'c'].map((id) => ({ id }) as Voucher);
  const act = ({ id }: Voucher): Promise<unknown> => (id === 'b' ? Promise.reject(new Error('no')) : Promise.resolve());
  await toEach(vouchers, act, (outcome) => outcomes.push(outcome));
  expect(outcomes.map(({ voucher, problem }) => `${voucher.id} ${problem?.status ?? 'done'}`)).toEqual([
    'a done',
    'b 0',
    'c done',
  ]);
});
