// More users than units, all at the same time.
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Actor } from './actor.ts';
import { untilDecided } from './requests.ts';

const USERS = 500;
const UNITS = 50;

describe('500 users claim 50 units in parallel', () => {
  let services: TestServices;
  let actor: Actor;
  beforeAll(async () => {
    services = await startServices();
    actor = await Actor.of(services);
  }, 90_000);
  afterAll(() => services?.stop());

  it('50 of them get one, 450 get sold-out, and the counters agree', async () => {
    const voucher = await actor.published({ quantities: { claim: UNITS } });
    const claim = (user: string) => untilDecided(() => actor.claim(voucher.id, { user, key: `key-of-${user}` }));
    const users = Array.from({ length: USERS }, (_, index) => `user-${index}`);
    const answers = await Promise.all(users.map(claim));

    const granted = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([granted.length, refused.length]).toEqual([UNITS, USERS - UNITS]);
    expect(new Set(granted.map(({ body }) => body.id)).size).toBe(UNITS);
    expect(new Set(refused.map(({ body }) => body.reason))).toEqual(new Set(['sold-out']));

    const counters = await actor.counters(voucher.id);
    expect(counters.body).toMatchObject({
      claimed: UNITS,
      held: UNITS,
      free: 0,
      refused: { claim: { 'sold-out': USERS - UNITS } },
    });
    const proof = await actor.proof(voucher.id);
    expect(proof.body).toMatchObject({ holds: true, claimQuantity: UNITS, held: UNITS, free: 0 });

    const again = await Promise.all(users.map(claim));
    expect(again.map(({ status, body }) => [status, body.id, body.reason])).toEqual(
      answers.map(({ status, body }) => [status, body.id, body.reason]),
    );
    const after = await actor.counters(voucher.id);
    expect(after.body.asOf).toEqual(counters.body.asOf);
  }, 90_000);
});
