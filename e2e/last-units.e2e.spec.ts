// More users than units, all at once.
import type { Claim, Counters, Problem, Proof } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTING, publishedVoucher, sendUntilDecided, send, STAFF } from './requests.ts';

const USERS = 500;
const UNITS = 50;

describe('500 users claim 50 units in parallel', () => {
  let services: TestServices;
  let staff: string;
  let acting: string;
  beforeAll(async () => {
    services = await startServices();
    [staff, acting] = await Promise.all([services.signToken({ scope: STAFF }), services.signToken({ scope: ACTING })]);
  }, 90_000);
  afterAll(() => services?.stop());

  it('50 of them get one, 450 are told sold-out, and the counters say so', async () => {
    const voucher = await publishedVoucher(services, staff, { quantities: { claim: UNITS } });
    const url = `${services.urls['page-delivery']}/v1/vouchers/${voucher.id}/claims`;
    const claim = (user: string) =>
      sendUntilDecided<Claim & Problem>('POST', url, {
        token: acting,
        key: `key-of-${user}`,
        headers: { 'X-User-Id': user },
      });
    const users = Array.from({ length: USERS }, (_, index) => `user-${index}`);
    const answers = await Promise.all(users.map(claim));

    const granted = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([granted.length, refused.length]).toEqual([UNITS, USERS - UNITS]);
    expect(new Set(granted.map(({ body }) => body.id)).size).toBe(UNITS);
    expect(new Set(refused.map(({ body }) => body.reason))).toEqual(new Set(['sold-out']));

    const counters = await send<Counters>('GET', `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`, {
      token: staff,
    });
    expect(counters.body).toMatchObject({
      claimed: UNITS,
      held: UNITS,
      free: 0,
      refused: { claim: { 'sold-out': USERS - UNITS } },
    });
    const proof = await send<Proof>('GET', `${services.urls.ledger}/v1/vouchers/${voucher.id}/proof`, { token: staff });
    expect(proof.body).toMatchObject({ holds: true, claimQuantity: UNITS, held: UNITS, free: 0 });

    const again = await Promise.all(users.map(claim));
    expect(again.map(({ status, body }) => [status, body.id, body.reason])).toEqual(
      answers.map(({ status, body }) => [status, body.id, body.reason]),
    );
    const after = await send<Counters>('GET', `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`, {
      token: staff,
    });
    expect(after.body.asOf).toEqual(counters.body.asOf);
  }, 90_000);
});
