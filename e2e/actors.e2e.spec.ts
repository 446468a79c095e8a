// Events and decisions of the ledger name the staff and tills who revoked, redeemed and rolled back.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Claim, DecisionTrace, EventRow, List, Redemption } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { order } from './actor.ts';
import { ACTING, publishedVoucher, send, STAFF, untilDecided, type Answer } from './requests.ts';

let services: TestServices;
let staff: string;
let till: string;
beforeAll(async () => {
  services = await startServices();
  staff = await services.signToken({ sub: 'sam', scope: STAFF });
  till = await services.signToken({ sub: 'till-7', team: 'shops', scope: ACTING });
}, 90_000);
afterAll(() => services?.stop());

function post<Body>(token: string, path: string, body: unknown, user?: string): Promise<Answer<Body>> {
  const key = randomUUID();
  const headers: Record<string, string> = user === undefined ? {} : { 'X-User-Id': user };
  const url = `${services.urls['page-delivery']}/v1${path}`;
  return untilDecided(() => send<Body>('POST', url, { token, key, headers, body }));
}
const trail = async (claimId: string): Promise<string[]> => {
  const url = `${services.urls.ledger}/v1/claims/${claimId}/history`;
  const { body } = await send<List<EventRow>>('GET', url, { token: staff });
  return body.items.map(({ type, data: { by } }) => `${type.split('.')[1]}: ${by ? `${by.sub} of ${by.team}` : '-'}`);
};

describe('the trail of a claim', () => {
  it('names who used it, took the use back and revoked it, also where that was refused', async () => {
    const { id } = await publishedVoucher(services, staff);
    const claim = await post<Claim>(till, `/vouchers/${id}/claims`, {}, 'ann');
    const redeemed = await post<Redemption>(till, `/claims/${claim.body.id}/redemptions`, { order: order('o-1') });
    await post(till, `/redemptions/${redeemed.body.id}/rollback`, { reason: 'returned' });
    const again = await post(till, `/redemptions/${redeemed.body.id}/rollback`, { reason: 'returned' });
    await post(staff, `/claims/${claim.body.id}/revoke`, { reason: 'a mistake' });
    await post(staff, `/claims/${claim.body.id}/revoke`, { reason: 'a mistake' });
    const late = await post(till, `/claims/${claim.body.id}/redemptions`, { order: order('o-2') });
    expect([claim.status, redeemed.status, again.status, late.status]).toEqual([201, 201, 409, 409]);
    expect(await trail(claim.body.id)).toEqual([
      'claimed: -',
      'redeemed: till-7 of shops',
      'redemption-rolled-back: till-7 of shops',
      'rollback-refused: till-7 of shops',
      'claim-revoked: sam of default',
      'revoke-refused: sam of default',
      'redemption-refused: till-7 of shops',
    ]);
    const refused = await Promise.all(
      [again, late].map(async ({ headers }) => {
        const url = `${services.urls.ledger}/v1/submissions/${headers.get('submission-id')}/decision`;
        return (await send<DecisionTrace>('GET', url, { token: staff })).body;
      }),
    );
    expect(refused).toMatchObject([
      { verdict: 'refused', reason: 'already-rolled-back', by: { sub: 'till-7', team: 'shops' } },
      { verdict: 'refused', reason: 'claim-revoked', by: { sub: 'till-7', team: 'shops' } },
    ]);
  });
});
