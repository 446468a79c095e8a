import { describe, expect, it } from '@jest/globals';
import type { Definition, Submission, VoucherSpec } from '@vouchers/contracts';
import { completeSpec } from '@vouchers/voucher';
import { compare, tell } from './comparison.ts';
import type { InputRecord } from './model.ts';

/** More claims than the 1,000 events of a slice. */
const MANY = 1_050;
const START = Date.parse('2026-11-01T00:00:00Z');
const END = Date.parse('2026-11-02T00:00:00Z');
const iso = (time: number): string => new Date(time).toISOString();
const id = (kind: string, number: number): string => `${kind}-${String(number).padStart(6, '0')}`;

function voucher(terminate: VoucherSpec['nodes']['terminate'], push: number | null = null): VoucherSpec {
  const range = { from: iso(START), to: iso(END + 86_400_000) };
  return completeSpec({
    name: 'Many',
    resourceType: 'coupon',
    quantities: { push },
    windows: { timeZone: 'UTC', valid: range, use: { from: iso(START), to: iso(END) } },
    nodes: { terminate },
  });
}

function defined(version: number, intent: Definition['intent'], spec: VoucherSpec, brokerTime: number): InputRecord {
  const value: Definition = {
    voucherId: 'v',
    version,
    intent,
    team: 'default',
    by: 'staff',
    at: iso(brokerTime),
    spec,
  };
  return { type: 'definition', value, brokerTime };
}

const asked = (value: Submission): InputRecord => ({ type: 'submission', value, brokerTime: Date.parse(value.at) });
const base = (submissionId: string, at: number) =>
  ({ submissionId, voucherId: 'v', at: iso(at), asker: 'asker', bodyHash: 'hash' }) as const;

function claims(): InputRecord[] {
  return Array.from({ length: MANY }, (_, number) =>
    asked({
      ...base(id('s', number), START + 1000),
      kind: 'claim',
      claimId: id('c', (number * 7919) % MANY),
      userId: id('u', number),
      attributes: {},
    }),
  );
}

/** An order call reserves this many of the claims for two minutes. */
function locks(count: number, at: number): InputRecord[] {
  return Array.from({ length: count }, (_, number) =>
    asked({
      ...base(id('l', number), at),
      kind: 'lock',
      claimId: id('c', (number * 7919) % MANY),
      userId: id('u', number),
      orderId: 'o',
      ttlSeconds: 120,
      order: { id: 'o', amount: 1, currency: 'EUR' },
      orderCall: 'call',
    }),
  );
}

const push = (at: number): InputRecord =>
  asked({
    kind: 'push',
    submissionId: `pushed-${at}`,
    voucherId: 'v',
    at: iso(at),
    userId: 'visitor',
    pageSlug: 'home',
  });
const redemption = (at: number): InputRecord =>
  asked({
    ...base(`redeems-${at}`, at),
    kind: 'redemption',
    redemptionId: `r-${at}`,
    claimId: id('c', 5),
    order: { id: 'o', amount: 1, currency: 'EUR' },
  });
const tick = (at: number): InputRecord => ({ type: 'tick', value: { at: iso(at) }, brokerTime: at });

describe(`${MANY} claims at once`, () => {
  const honour = voucher({ when: 'false', claims: 'honour' });
  const revoke = voucher({ when: 'false', claims: 'revoke' });
  const untilUsed = voucher({ when: 'counters.redeemed >= 1', claims: 'revoke' });
  const untilExpired = voucher({ when: 'counters.expired >= 1', claims: 'revoke' });
  const untilNoon = voucher({ when: `now >= timestamp("${iso(START + 43_200_000)}")`, claims: 'revoke' });
  it.each<[string, VoucherSpec, InputRecord[]]>([
    ['expire by a tick', honour, [tick(END), tick(END + 1)]],
    ['expire before a submission', honour, [redemption(END)]],
    ['expire before a push that counts', honour, [push(END + 5)]],
    ['expire before a version', honour, [defined(2, 'paused', honour, END + 5)]],
    [
      'do not expire by a refused push',
      voucher({ when: 'false', claims: 'honour' }, 1),
      [push(START + 2000), push(END + 5), redemption(END + 9)],
    ],
    [
      'are revoked by staff, with `clock: "submissions"`',
      { ...revoke, clock: 'submissions' },
      [defined(2, 'terminated', { ...revoke, clock: 'submissions' }, START + 5000)],
    ],
    [
      'are revoked once, even if the definition is repeated',
      revoke,
      [defined(2, 'terminated', revoke, START + 5000), defined(2, 'terminated', revoke, START + 6000)],
    ],
    ['are revoked by staff', revoke, [defined(2, 'terminated', revoke, START + 5000), redemption(START + 6000)]],
    [
      'are revoked after the submission that terminates',
      untilUsed,
      [redemption(START + 2000), redemption(START + 3000)],
    ],
    ['are revoked before a submission', untilNoon, [redemption(START + 43_200_000), tick(START + 43_300_000)]],
    ['are revoked by a tick', untilNoon, [tick(START + 43_200_000), push(START + 43_200_001)]],
    [
      'expire as the locks of their orders run out',
      honour,
      [...locks(MANY, END - 60_000), tick(END), tick(END + 60_000), tick(END + 60_001)],
    ],
    [
      'are revoked, and those that are reserved as their locks run out',
      revoke,
      [...locks(600, START + 2000), defined(2, 'terminated', revoke, START + 5000), tick(START + 122_000)],
    ],
    ['expire, which terminates', untilExpired, [tick(END), redemption(END + 1)]],
  ])(
    '%s',
    (_, spec, records) => {
      const history = [defined(1, 'published', spec, START), ...claims(), ...records];
      const fault = compare(history);
      if (fault) throw new Error(tell({ ...fault, history: fault.history.slice(-4) }).slice(0, 4000));
      expect(history.length).toBeGreaterThan(MANY);
    },
    60_000,
  );
});
