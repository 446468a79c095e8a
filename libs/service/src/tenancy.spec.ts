import { describe, expect, it } from '@jest/globals';
import { ProblemError } from './problem.ts';
import { isAmong, Tenancy } from './tenancy.ts';

const staff = { team: 'ours', scopes: new Set(['vouchers:read']) };
const auditor = { team: 'ours', scopes: new Set(['vouchers:read', 'audit:read']) };

describe.each([
  ['open', staff, { seenBy: undefined, others: true, refusal: [403, 'other-team'] }],
  ['open', auditor, { seenBy: undefined, others: true, refusal: [403, 'other-team'] }],
  ['team', staff, { seenBy: 'ours', others: false, refusal: [404, 'unknown-voucher'] }],
  ['team', auditor, { seenBy: undefined, others: true, refusal: [403, 'other-team'] }],
] as const)('with TENANCY=%s, %j', (mode, caller, { seenBy, others, refusal }) => {
  const tenancy = new Tenancy(mode);
  const refused = (team: string): unknown => {
    try {
      return tenancy.expectOwn(caller, team, 'unknown-voucher');
    } catch (error) {
      return [(error as ProblemError).status, (error as ProblemError).about.reason];
    }
  };

  it('sees its own things, and those of others as the mode and its scopes say', () => {
    expect(tenancy.seenBy(caller)).toBe(seenBy);
    expect([tenancy.sees(caller, 'ours'), tenancy.sees(caller, 'theirs')]).toEqual([true, others]);
  });

  it('changes its own things alone', () => {
    expect([refused('ours'), refused('theirs')]).toEqual([undefined, refusal]);
  });
});

it.each([
  [undefined, true],
  ['any', true],
  [['ours'], true],
  [['theirs'], false],
  // A team may be called so.
  [['any'], false],
] as const)('a list of teams, %j, allows ours: %s', (teams, allowed) => {
  expect(isAmong(teams as string[] | undefined, 'ours')).toBe(allowed);
});
