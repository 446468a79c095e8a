// kill -9 of the ledger while claims and redemptions are under way: the counts are the same as without a kill.
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Actor, order } from './actor.ts';
import { untilDecided } from './requests.ts';

const USERS = 600;
const UNITS = 400;
const AT_ONCE = 32;
/** The numbers of answers after which the ledger is killed. */
const KILLED_AFTER = [60, 250, 450];

describe('the ledger is killed three times under load', () => {
  let services: TestServices;
  let actor: Actor;
  beforeAll(async () => {
    services = await startServices();
    actor = await Actor.of(services);
  }, 90_000);
  afterAll(() => services?.stop());

  it('and every claim has one decision, every unit one place', async () => {
    const voucher = await actor.published({ quantities: { claim: UNITS } });
    const answers: { status: number; reason?: string; claimId?: string; redemption?: number }[] = [];
    const kills = [...KILLED_AFTER];
    let killing = Promise.resolve();

    const users = Array.from({ length: USERS }, (_, index) => `user-${index}`).values();
    const visit = async (): Promise<void> => {
      for (const user of users) {
        const claim = await untilDecided(() => actor.claim(voucher.id, { user, key: `claim-${user}` }));
        if (claim.status !== 201) answers.push({ status: claim.status, reason: claim.body.reason });
        else {
          const redemption = await untilDecided(() =>
            actor.redeem(claim.body.id, order(`order-${user}`), { user, key: `use-${user}` }),
          );
          answers.push({ status: claim.status, claimId: claim.body.id, redemption: redemption.status });
        }
        if (kills.length > 0 && answers.length >= kills[0]!) {
          kills.shift();
          killing = killing.then(() => services.kill('ledger')).then(() => services.restart('ledger'));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, visit));
    await killing;
    expect(kills).toEqual([]);

    const granted = answers.filter(({ status }) => status === 201);
    expect(granted).toHaveLength(UNITS);
    expect(new Set(granted.map(({ claimId }) => claimId)).size).toBe(UNITS);
    expect(granted.every(({ redemption }) => redemption === 201)).toBe(true);
    expect(answers.filter(({ status, reason }) => status === 409 && reason === 'sold-out')).toHaveLength(USERS - UNITS);

    const { body: counters } = await actor.counters(voucher.id);
    expect(counters).toMatchObject({
      claimed: UNITS,
      redeemed: UNITS,
      used: UNITS,
      held: 0,
      free: 0,
      refused: { claim: { 'sold-out': USERS - UNITS } },
    });
    const { body: proof } = await actor.proof(voucher.id, '?full=true');
    expect(proof).toMatchObject({ holds: true, used: UNITS, free: 0 });
    const seqs = (await actor.events(`/events?partition=${counters.asOf.partition}`)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from(seqs, (_, index) => seqs[0]! + index));
    expect(seqs.at(-1)).toBe(counters.asOf.seq);
  }, 240_000);
});
