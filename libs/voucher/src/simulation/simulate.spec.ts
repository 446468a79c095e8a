// Fixed examples of what a simulation says, one per sentence of the rules.
import { describe, expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { rowsOf, simulated, type Simulated } from '../../testing/recorded.ts';
import { definitionOf, FROM, Story, TO } from '../../testing/story.ts';
import type { SimulationResult } from './question.ts';

type Spec = Partial<VoucherSpecInput>;
const day = (number: number, time = '12:00'): string => `2026-11-${String(number).padStart(2, '0')}T${time}:00.000Z`;
const ofUser = (user: string, attributes = {}) => ({ claimId: `claim-${user}`, userId: user, attributes });
const claimRule = (when: string, more = {}): Spec => ({ nodes: { claim: { when, ...more } } });

function whatIf(story: Story, spec: Spec, times: { at?: string; until?: string } = {}): Promise<Simulated> {
  const { at = TO, until } = times;
  const complete = definitionOf(spec).spec;
  const question = { spec: complete, at: Date.parse(at), ...(until && { until: Date.parse(until) }) };
  return simulated(rowsOf(story.events), question);
}

type Done = Extract<SimulationResult, { state: 'done' }>;
const done = ({ result }: Simulated): Done => result as Done;
const told = ({ differences }: Simulated): string[] =>
  differences.map(({ kind, was, would, class: of }) => {
    const [before, after] = [was.reason ?? was.verdict, would.reason ?? would.verdict];
    return `${kind}: ${before} -> ${after} (${of})`;
  });

/** Three users claim one unit each, and the first uses it. */
function threeClaims(spec: Spec = {}): Story {
  const story = new Story();
  story.define(spec);
  story.submit('push', day(1), { userId: 'ann' });
  for (const [index, user] of ['ann', 'bob', 'cat'].entries())
    story.submit('claim', day(2 + index), ofUser(user, { tier: index === 0 ? 'tin' : 'gold' }));
  story.submit('redemption', day(6), { claimId: 'claim-ann' });
  return story;
}

describe('a simulation', () => {
  it('without a change differs nowhere, and proves history', async () => {
    const what = await whatIf(threeClaims(), {});
    expect(what.differences).toEqual([]);
    expect(what.result).toMatchObject({ state: 'done', identity: { decisions: 5, differences: 0 }, nodes: 'exact' });
    expect(done(what).was).toEqual({ ...done(what).would, expired: 0, held: 2 });
  });

  it('names the first event that is not as it was decided', async () => {
    const rows = rowsOf(threeClaims().events);
    const at = rows.findIndex(({ type }) => type === 'voucher.claimed.v1');
    rows[at] = { ...rows[at]!, data: rows[at]!.data.replace('"useUntil":"2026-12-01', '"useUntil":"2026-12-02') };
    const { result } = await simulated(rows, { spec: definitionOf().spec, at: Date.parse(TO) });
    const event = { seq: rows[at].seq, type: 'voucher.claimed.v1', at: day(2), submissionId: rows[at].submissionId };
    expect(result).toMatchObject({
      state: 'failed',
      identity: { differences: 1 },
      failure: { why: 'identity', event },
    });
  });

  it('exact: the new window refuses it, whatever happened before', async () => {
    const what = await whatIf(threeClaims(), {
      windows: { ...definitionOf().spec.windows, claim: { from: FROM, to: day(4) } },
    });
    expect(told(what)).toEqual(['claim: granted -> outside-claim-window (exact)']);
    expect(what.differences[0]).toMatchObject({ userId: 'cat', at: day(4), checks: expect.any(Array) });
    expect(what.differences[0]!.checks.at(-1)).toMatchObject({ check: 'outside-claim-window', passed: false });
  });

  it('consequent: a unit is left because another was refused; moot: there is nothing to use', async () => {
    const kept = { quantities: { claim: 2 } };
    const was = threeClaims({ ...kept, ...claimRule('true', { record: ['tier'] }) });
    const what = await whatIf(was, { ...kept, ...claimRule("user.tier == 'gold'") });
    expect(told(what)).toEqual([
      'claim: granted -> claim-rule (exact)',
      'claim: sold-out -> granted (consequent)',
      'redemption: granted -> moot (moot)',
    ]);
    expect(done(what)).toMatchObject({ classes: { exact: 1, consequent: 1, moot: 1, unobserved: 0 } });
    expect(done(what).would).toMatchObject({ claimed: 2, redeemed: 0, expired: 2 });
  });

  it('consequent: the use range was fixed when it was claimed', async () => {
    const { windows } = definitionOf().spec;
    const what = await whatIf(threeClaims(), {
      windows: { ...windows, use: { afterClaim: { delay: 'PT0S', length: 'P2D' } } },
    });
    expect(told(what)).toEqual(['redemption: granted -> claim-expired (consequent)']);
  });

  it('unobserved: an attribute was not kept, so a refusal stays, and a grant stays while units last', async () => {
    const what = await whatIf(threeClaims(), { quantities: { claim: 2 }, ...claimRule("user.city == 'Wien'") });
    expect(told(what)).toEqual(['claim: granted -> sold-out (unobserved)']);
    expect(done(what).classes).toEqual({ exact: 0, consequent: 0, moot: 0, unobserved: 3 });
    expect(done(what).missing).toEqual({ 'user.city': 3 });
  });

  it('has() of an attribute that was not kept is not known, but nobody needs what another part decides', async () => {
    const missing = async (when: string) => done(await whatIf(threeClaims(), claimRule(when))).missing;
    expect(await missing('has(user.city)')).toEqual({ 'user.city': 3 });
    expect(await missing("has(user.city) || user.id != ''")).toEqual({});
    expect(await missing("user.city == 'Wien' && user.id == ''")).toEqual({});
  });

  it('an attribute that the version in force named and the user lacked is known', async () => {
    const story = new Story();
    story.define(claimRule("!has(user.city) || user.city == 'Wien'"));
    story.submit('claim', day(2), ofUser('ann'));
    expect(told(await whatIf(story, claimRule('has(user.city)')))).toEqual(['claim: granted -> claim-rule (exact)']);
  });

  it('an attribute is not known if the edge left it out by an older version', async () => {
    const story = new Story();
    story.define();
    story.define(claimRule("has(user.city) || user.id != ''"));
    story.submit('claim', day(2), { ...ofUser('ann'), strippedBy: 1 });
    expect(done(await whatIf(story, claimRule('has(user.city)'))).missing).toEqual({ 'user.city': 1 });
  });

  it('a use is judged by the attributes that were kept at its claim', async () => {
    const was = threeClaims(claimRule('true', { record: ['tier'] }));
    const when = "user.tier == 'gold'";
    expect(told(await whatIf(was, { nodes: { use: { when } } }))).toEqual(['redemption: granted -> use-rule (exact)']);
    const lost = done(await whatIf(threeClaims(), { nodes: { use: { when } } }));
    expect(lost).toMatchObject({ classes: { unobserved: 1, exact: 0 }, missing: { 'user.tier': 1 } });
  });

  it('goods do not come with the spec: whether they match is as recorded, or not known', async () => {
    const spec = { nodes: { use: { when: 'order.matchesGoods' } } };
    expect(done(await whatIf(threeClaims(), spec)).missing).toEqual({ 'order.matchesGoods': 1 });
    const story = threeClaims();
    story.submit('redemption', day(7), {
      claimId: 'claim-bob',
      redemptionId: 'two',
      matchesGoods: false,
      goodsVersion: 1,
    });
    expect(told(await whatIf(story, spec))).toEqual(['redemption: granted -> use-rule (exact)']);
  });

  it('later versions are ignored but for their intent', async () => {
    const story = new Story();
    story.define();
    story.define({ quantities: { claim: 1 } }, 'published', day(2));
    story.submit('claim', day(3), ofUser('ann'));
    story.submit('claim', day(3), ofUser('bob'));
    story.define({}, 'paused', day(4));
    story.submit('claim', day(5), ofUser('cat'));
    story.define({}, 'published', day(6));
    story.submit('claim', day(7), ofUser('dan'));
    story.define({}, 'terminated', day(8));
    story.submit('claim', day(9), ofUser('eve'));
    const what = await whatIf(story, {});
    expect(told(what)).toEqual(['claim: sold-out -> granted (exact)']);
    expect(done(what).would.refused).toEqual({ claim: { paused: 1, terminated: 1 } });
  });

  it('a termination by the new terminate node is final, and takes back what it says', async () => {
    const terminate = { when: 'counters.claimed >= 2', claims: 'revoke' as const };
    const what = await whatIf(threeClaims(), { nodes: { terminate } });
    expect(told(what)).toEqual([
      'claim: granted -> terminated (consequent)',
      'redemption: granted -> claim-revoked (consequent)',
    ]);
    expect(done(what).would).toMatchObject({ claimed: 2, revoked: 2 });
  });

  it('nodes turn at the exact time with which they compare now, and otherwise only now and then', async () => {
    const at = (when: string) => whatIf(threeClaims(), { nodes: { terminate: { when } } });
    const exact = await at(`now >= timestamp("${day(3, '13:00')}")`);
    expect(told(exact)).toEqual(['claim: granted -> terminated (consequent)']);
    expect(done(exact).nodes).toBe('exact');
    expect(done(await at('now.getDayOfMonth() == 3')).nodes).toBe('approximate');
  });

  it('what follows a claim that history never had: it expires, and its unit goes to who waits', async () => {
    const story = new Story();
    story.define({ quantities: { claim: 1 }, waitingList: { offerFor: 'P1D' }, ...claimRule("user.id != 'ann'") });
    story.submit('claim', day(2), ofUser('ann'));
    story.submit('claim', day(2, '13:00'), ofUser('bob'));
    story.submit('join', day(3), { userId: 'cat' });
    const { windows } = definitionOf().spec;
    const use = { afterClaim: { delay: 'PT0S', length: 'P4D' } };
    const what = await whatIf(story, {
      quantities: { claim: 1 },
      waitingList: { offerFor: 'P1D' },
      windows: { ...windows, use },
    });
    expect(told(what)).toEqual(['claim: claim-rule -> granted (exact)', 'claim: granted -> sold-out (consequent)']);
    expect(done(what).would).toMatchObject({ claimed: 1, expired: 1, joined: 1, lapsed: 1, free: 1 });
  });

  it('until: submissions up to and at that time, and counters as of then', async () => {
    const what = done(await whatIf(threeClaims(), {}, { until: day(3) }));
    expect([what.was.claimed, what.would.claimed, what.identity.decisions]).toEqual([2, 2, 3]);
    expect(what.series.at(-1)).toEqual({ at: day(3), was: what.was, would: what.would });
  });

  it('by the clock of submissions nothing happens between them', async () => {
    const story = new Story();
    story.define({ clock: 'submissions' });
    story.submit('claim', day(2), ofUser('ann'));
    const { windows } = definitionOf().spec;
    const spec: Spec = {
      clock: 'submissions',
      windows: { ...windows, use: { afterClaim: { delay: 'PT0S', length: 'P1D' } } },
    };
    expect(done(await whatIf(story, spec)).would).toMatchObject({ held: 1, expired: 0 });
    story.submit('claim', day(9), ofUser('bob'));
    expect(done(await whatIf(story, spec)).would).toMatchObject({ held: 1, expired: 1 });
  });

  it('discounts stay as submitted; uses under another benefit are counted', async () => {
    const benefit = (amount: number): Spec => ({ benefit: { type: 'amount-off', amount, currency: 'EUR' } });
    const story = new Story();
    story.define(benefit(500));
    story.submit('claim', day(2));
    const discount = { amount: 500, currency: 'EUR', version: 1, lines: [{ amount: 500 }] };
    story.submit('redemption', day(3), { discount });
    const what = done(await whatIf(story, benefit(900)));
    expect([what.unpriced, what.would.discounted]).toEqual([1, { EUR: 500 }]);
    expect(done(await whatIf(story, benefit(500))).unpriced).toBe(0);
    const budget = { ...benefit(500), quantities: { budget: { amount: 499, currency: 'EUR' } } };
    expect(told(await whatIf(story, budget))).toEqual(['redemption: granted -> budget-reached (exact)']);
  });

  it('a discount that nobody computed is not known', async () => {
    const benefit = { type: 'amount-off' as const, amount: 500, currency: 'EUR' };
    const spec: Spec = { benefit, quantities: { budget: { amount: 10_000, currency: 'EUR' } } };
    expect(done(await whatIf(threeClaims(), spec))).toMatchObject({ missing: { 'order.discount': 1 }, unpriced: 1 });
  });
});
