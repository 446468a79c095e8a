import { describe, expect, it } from '@jest/globals';
import type { Definition, Hours, Submission, VoucherSpec } from '@vouchers/contracts';
import { completeSpec } from '@vouchers/voucher';
import { compare, tell } from './comparison.ts';
import type { InputRecord } from './model.ts';

/** More entries than the 1,000 events of a slice. */
const MANY = 1_010;
const START = Date.parse('2026-11-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const iso = (time: number): string => new Date(time).toISOString();
const id = (kind: string, number: number): string => `${kind}-${String(number).padStart(6, '0')}`;

function voucher(claim: number, more: Partial<VoucherSpec> = {}): VoucherSpec {
  const range = { from: iso(START), to: iso(START + 48 * HOUR_MS) };
  return completeSpec({
    name: 'Many',
    resourceType: 'coupon',
    quantities: { claim },
    windows: { timeZone: 'UTC', valid: range, use: { from: range.from, to: iso(START + 24 * HOUR_MS) } },
    nodes: { claim: { perUser: 2 } },
    waitingList: { rank: 'user.score', offerFor: 'PT2H' },
    ...more,
  });
}

const DAYTIME: Hours = { days: ['SU', 'MO', 'TU'], from: '08:00', to: '20:00' };
const hour = (number: number): number => START + number * HOUR_MS;
const asked = (value: Submission): InputRecord => ({ type: 'submission', value, brokerTime: Date.parse(value.at) });
const base = (submissionId: string, at: number) =>
  ({ submissionId, voucherId: 'v', at: iso(at), asker: 'asker', bodyHash: 'hash' }) as const;
const tick = (at: number): InputRecord => ({ type: 'tick', value: { at: iso(at) }, brokerTime: at });

function defined(version: number, intent: Definition['intent'], spec: VoucherSpec, brokerTime: number): InputRecord {
  const value = { voucherId: 'v', version, intent, team: 'default', by: 'staff', at: iso(brokerTime), spec };
  return { type: 'definition', value, brokerTime };
}

const claim = (name: string, userId: string, at: number): InputRecord =>
  asked({ ...base(`s-${name}`, at), kind: 'claim', claimId: name, userId, attributes: {} });
const release = (claimId: string, userId: string, at: number): InputRecord =>
  asked({ ...base(`releases-${claimId}`, at), kind: 'release', claimId, userId });

const joins = (at: number): InputRecord[] =>
  Array.from({ length: MANY }, (_, number) =>
    asked({
      ...base(id('j', number), at),
      kind: 'join',
      entryId: id('e', (number * 7919) % MANY),
      userId: id('u', number),
      attributes: { score: number % 7 },
    }),
  );
const claims = (at: number): InputRecord[] =>
  Array.from({ length: MANY }, (_, number) => claim(id('c', (number * 7919) % MANY), id('u', number), at));

const one = voucher(1);
const soldOut = [defined(1, 'published', one, START), claim('first', 'holder', hour(1)), ...joins(hour(1))];
const all = voucher(2_000);
const offered = [...soldOut, defined(2, 'published', all, hour(2))];
/** All who wait have one claim already, and version 3 allows no second one. */
const limited = { nodes: { ...one.nodes, claim: { ...one.nodes.claim, perUser: 1 } } };
/** The same, and the first offer ends it. */
const terminating = {
  nodes: { ...limited.nodes, terminate: { when: `counters.left > ${MANY - 10}`, claims: 'revoke' as const } },
};
const each = voucher(MANY + 1);
/** Units that come back at midnight are offered from 08:00 on. */
const nightly = (use: VoucherSpec['windows']['use']): VoucherSpec =>
  voucher(MANY, {
    windows: { ...one.windows, use, claim: { ...one.windows.valid, hours: [DAYTIME] } },
    nodes: { ...one.nodes, terminate: { when: `counters.offered >= ${MANY - 5}`, claims: 'honour' } },
  });
const holding = [
  defined(1, 'published', each, START),
  claim('first', 'holder', hour(1)),
  ...claims(hour(1)),
  ...joins(hour(1)),
];

describe(`${MANY} who wait`, () => {
  it.each<[string, InputRecord[]]>([
    ['are offered a unit by a raised quantity', [...offered, tick(hour(3))]],
    [
      'are offered a unit, which terminates',
      [
        ...soldOut,
        defined(
          2,
          'published',
          voucher(2_000, {
            nodes: { ...one.nodes, terminate: { when: 'counters.offered >= 1', claims: 'revoke' } },
          }),
          hour(2),
        ),
        tick(hour(3)),
      ],
    ],
    ['let their offers lapse', [...offered, tick(hour(5)), release('first', 'holder', hour(6))]],
    [
      'lose their offers by a pause, and get them again',
      [...offered, defined(3, 'paused', all, hour(3)), defined(4, 'published', all, hour(4)), tick(hour(5))],
    ],
    [
      'lose their offers by a version without a list',
      [
        ...offered,
        defined(3, 'published', voucher(2_000, { waitingList: undefined }), hour(3)),
        claim('other', 'other', hour(4)),
      ],
    ],
    [
      'lose their offers by a termination that revokes',
      [
        ...offered,
        defined(
          3,
          'terminated',
          voucher(2_000, { nodes: { ...one.nodes, terminate: { when: 'false', claims: 'revoke' } } }),
          hour(3),
        ),
        tick(hour(4)),
      ],
    ],
    [
      'are taken off at one release',
      [
        ...holding,
        defined(2, 'published', voucher(MANY + 1, limited), hour(2)),
        release('first', 'holder', hour(3)),
        tick(hour(4)),
      ],
    ],
    [
      'are taken off at one release, but for two, and the offer terminates',
      [
        ...holding,
        ...[1_001, 1_008].map((number) => release(id('c', (number * 7919) % MANY), id('u', number), hour(1) + 1)),
        defined(2, 'published', voucher(MANY + 1, terminating), hour(2)),
        release('first', 'holder', hour(3)),
        tick(hour(4)),
      ],
    ],
    [
      'are offered what all others give back by expiry',
      [
        ...soldOut.slice(0, 1),
        defined(2, 'published', voucher(MANY), START + 1),
        ...claims(hour(1)),
        defined(3, 'published', voucher(MANY, { windows: { ...one.windows, use: one.windows.valid } }), hour(2)),
        ...joins(hour(2)),
        tick(hour(24) + 1),
        claim('late', id('u', 3), hour(25)),
      ],
    ],
    [
      'are offered what came back at night when the hours open, and the nodes are judged once',
      [
        defined(1, 'published', nightly(one.windows.use), START),
        ...claims(hour(9)),
        defined(2, 'published', nightly(one.windows.valid), hour(10)),
        ...joins(hour(10)),
        tick(hour(25)),
        claim('late', id('u', 3), hour(34)),
      ],
    ],
  ])(
    '%s',
    (_, history) => {
      const fault = compare(history);
      if (fault) throw new Error(tell({ ...fault, history: fault.history.slice(-4) }).slice(0, 4000));
      expect(history.length).toBeGreaterThan(MANY);
    },
    60_000,
  );
});
