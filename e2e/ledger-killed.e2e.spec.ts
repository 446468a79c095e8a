// kill -9 of the ledger while claims and redemptions are on their way: the counts come out as if nothing had been.
import type { Claim, Counters, EventRow, List, Problem, Proof, Redemption } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTING, publishedVoucher, sendUntilDecided, send, STAFF } from './requests.ts';

const USERS = 600;
const UNITS = 400;
const AT_ONCE = 32;
/** Answers after which the ledger is killed. */
const KILLED_AFTER = [60, 250, 450];

describe('the ledger is killed three times under load', () => {
  let services: TestServices;
  let staff: string;
  let acting: string;
  beforeAll(async () => {
    services = await startServices();
    [staff, acting] = await Promise.all([services.signToken({ scope: STAFF }), services.signToken({ scope: ACTING })]);
  }, 90_000);
  afterAll(() => services?.stop());

  it('and every claim has one decision, every unit one place', async () => {
    const voucher = await publishedVoucher(services, staff, { quantities: { claim: UNITS } });
    const edge = services.urls['page-delivery'];
    const answers: { status: number; reason?: string; claimId?: string; redemption?: number }[] = [];
    const kills = [...KILLED_AFTER];
    let killing = Promise.resolve();

    const users = Array.from({ length: USERS }, (_, index) => `user-${index}`).values();
    const visit = async (): Promise<void> => {
      for (const user of users) {
        const sending = { token: acting, headers: { 'X-User-Id': user } };
        const claim = await sendUntilDecided<Claim & Problem>('POST', `${edge}/v1/vouchers/${voucher.id}/claims`, {
          ...sending,
          key: `claim-${user}`,
        });
        if (claim.status !== 201) answers.push({ status: claim.status, reason: claim.body.reason });
        else {
          const body = { order: { id: `order-${user}`, amount: 1, currency: 'EUR' } };
          const redemption = await sendUntilDecided<Redemption>(
            'POST',
            `${edge}/v1/claims/${claim.body.id}/redemptions`,
            { ...sending, key: `use-${user}`, body },
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

    const { body: counters } = await send<Counters>(
      'GET',
      `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`,
      { token: staff },
    );
    expect(counters).toMatchObject({
      claimed: UNITS,
      redeemed: UNITS,
      used: UNITS,
      held: 0,
      free: 0,
      refused: { claim: { 'sold-out': USERS - UNITS } },
    });
    const { body: proof } = await send<Proof>(
      'GET',
      `${services.urls.ledger}/v1/vouchers/${voucher.id}/proof?full=true`,
      { token: staff },
    );
    expect(proof).toMatchObject({ holds: true, used: UNITS, free: 0 });
    const seqs = await sequenceOf(counters.asOf.partition);
    expect(seqs).toEqual(Array.from(seqs, (_, index) => seqs[0]! + index));
    expect(seqs.at(-1)).toBe(counters.asOf.seq);
  }, 240_000);

  /** The seqs of all event rows of a partition, as the ledger lists them. */
  async function sequenceOf(partition: number): Promise<number[]> {
    const seqs: number[] = [];
    let after: string | null = null;
    do {
      const query: string = `partition=${partition}&limit=200${after === null ? '' : `&after=${after}`}`;
      const { body } = await send<List<EventRow>>('GET', `${services.urls.ledger}/v1/events?${query}`, {
        token: staff,
      });
      seqs.push(...body.items.map(({ seq }) => seq));
      after = body.next;
    } while (after !== null);
    return seqs;
  }
});
