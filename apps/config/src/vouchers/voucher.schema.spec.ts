import { describe, expect, it } from '@jest/globals';
import { VOUCHER_SPEC_INPUT } from '@vouchers/contracts/schemas';
import { specFaults } from '@vouchers/voucher';

const windows = { timeZone: 'UTC', valid: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' } };
const minimal = { name: 'x', resourceType: 'coupon', windows };
const full = {
  ...minimal,
  description: '',
  benefit: { type: 'amount-off', amount: 2000, currency: 'CNY' },
  quantities: { push: 100, claim: 50, redeem: null },
  windows: { ...windows, use: { afterClaim: { delay: 'PT0S', length: 'P7D' } } },
  goods: [{ sku: 'A-1', name: 'A' }],
  operations: { claimLabel: 'x', afterClaim: { type: 'none' }, popup: { trigger: 'on-load', title: 'x', text: 'y' } },
  nodes: { claim: { when: 'true', perUser: null }, terminate: { claims: 'revoke' } },
  pool: { rolledBack: 'hold' },
  labels: { campaign: '26' },
  clock: 'submissions',
};

/** Pointers of all documented fields. */
const documented = (schema: Record<string, unknown>, at = ''): string[] =>
  Object.entries((schema['properties'] ?? {}) as Record<string, Record<string, unknown>>).flatMap(([name, member]) => [
    `${at}/${name}`,
    ...documented(member, `${at}/${name}`),
  ]);

describe('the documented spec', () => {
  it.each([
    ['the least', minimal],
    ['everything', full],
  ])('describes what the judge takes: %s', (_, spec) => {
    expect(specFaults(spec)).toEqual([]);
    expect(Object.keys(spec).filter((field) => !documented(VOUCHER_SPEC_INPUT).includes(`/${field}`))).toEqual([]);
  });

  it('names no field that the judge does not know', () => {
    const unknown = documented(VOUCHER_SPEC_INPUT).filter((pointer) => {
      const body = pointer
        .slice(1)
        .split('/')
        .reduceRight<unknown>((inner, name) => ({ [name]: inner }), Symbol('any'));
      return specFaults({ ...(body as object) }).some(
        (fault) => fault.pointer === pointer && /known|unknown/.test(fault.message),
      );
    });
    expect(unknown).toEqual([]);
  });
});
