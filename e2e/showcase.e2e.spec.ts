// The vouchers that the demo makes besides the year: one that refused claims, and one to claim.
import { fileURLToPath } from 'node:url';
import type { Counters, DecisionTrace, PageData } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { demoScopes, makeShowcase, readJourney, type Showcase } from '@vouchers/tools';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from './requests.ts';

describe('the showcase of the demo', () => {
  let services: TestServices;
  let showcase: Showcase;
  let token: string;
  beforeAll(async () => {
    services = await startServices();
    token = await services.signToken({ sub: 'demo', scope: demoScopes });
    const { config, ledger, 'page-delivery': pageDelivery } = services.urls;
    const journey = readJourney(fileURLToPath(new URL('../tools/complete-journey', import.meta.url)));
    const never = new AbortController().signal;
    showcase = await makeShowcase(journey, { config, pageDelivery, ledger, token }, never);
  }, 120_000);
  afterAll(() => services?.stop());

  const counters = async (voucherId: string): Promise<Counters> =>
    (await send<Counters>('GET', `${services.urls.ledger}/v1/vouchers/${voucherId}/counters`, { token })).body;

  it('has a voucher that gave its 20 units and refused 160 claims, each with its reason', async () => {
    const { claimed, free, refused, redeemed } = await counters(showcase.refusing.id);
    expect({ claimed, free }).toEqual({ claimed: 20, free: 0 });
    expect(redeemed).toBeGreaterThan(0);
    expect(refused.redemption?.['use-rule'] ?? 0).toBeGreaterThan(0);
    // The 160 households: 28 have three or more members, 62 have fewer, and for 70 the study does not say.
    expect(refused.claim).toEqual({ 'claim-rule': 132, 'sold-out': 8, 'per-user-limit': 20 });
  });

  it('names a refusal, with the household’s size among its facts', async () => {
    const url = `${services.urls.ledger}/v1/submissions/${showcase.refusedSubmissionId}/decision`;
    const { body } = await send<DecisionTrace>('GET', url, { token });
    expect(body).toMatchObject({ verdict: 'refused', reason: 'claim-rule' });
    expect(['1', '2']).toContain(body.facts['user.household_size']);
  });

  it('has a voucher that nobody has claimed: gold members may, silver ones may not', async () => {
    expect(await counters(showcase.live.id)).toMatchObject({ pushed: 0, claimed: 0, free: 50 });
    const url = `${services.urls['page-delivery']}/v1/pages/${showcase.live.slug}`;
    const seenBy = async (sub: string, tier: string): Promise<PageData['modules']> => {
      const own = await services.signToken({ sub, scope: 'pages:read claims:write', attrs: { tier } });
      return (await send<PageData>('GET', url, { token: own })).body.modules;
    };
    expect(await seenBy('alice', 'gold')).toMatchObject([{ voucherId: showcase.live.id, state: 'claimable' }]);
    expect(await seenBy('bob', 'silver')).toMatchObject([{ state: 'not-eligible', reason: 'claim-rule' }]);
  });
});
