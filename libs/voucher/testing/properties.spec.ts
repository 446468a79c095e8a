import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import {
  claimQuantity,
  encodeEvent,
  excessOf,
  textOfData,
  decodeEvent,
  freeUnits,
  offerUntil,
  sumFaultOf,
  submissionOf,
  withMoney,
  type ClaimRecord,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';
import type { CounterValues, EventData } from '@vouchers/contracts';
import { randomHistory } from './history.generator.ts';
import { near } from './life.ts';
import { MemoryLedger } from './memory-ledger.ts';
import type { InputRecord } from './model.ts';
import { Random, SEED, seedOf } from './random.ts';

/** HISTORIES=2000 runs more of them. */
const HISTORIES = Number(process.env.HISTORIES ?? 50);
jest.setTimeout(90_000 + HISTORIES * 300);

function run(ledger: MemoryLedger, history: InputRecord[]): VoucherEvent[] {
  return history.flatMap((record) =>
    (record.type === 'tick' ? [...ledger.vouchers.keys()].sort() : [record.value.voucherId]).flatMap((voucherId) =>
      ledger.take(voucherId, record),
    ),
  );
}

/** The place of every unit, counted from the claims. */
function units(claims: Iterable<ClaimRecord>): Record<string, number> {
  const counted = { held: 0, locked: 0, redeemed: 0, expired: 0, released: 0, revoked: 0 };
  for (const { state } of claims) counted[state] += 1;
  return counted;
}

/** The reserved counts, counted from the claims. */
function reservedBy(claims: Iterable<ClaimRecord>): CounterValues['reserved'] {
  const reservations = [...claims].flatMap(({ lock }) => lock?.reservation ?? []);
  const discount = reservations.reduce((sum, one) => withMoney(sum, one.discount, 1), {});
  return { uses: reservations.length, discount };
}

describe(`over random histories (SEED=${SEED})`, () => {
  it('money is spent within the budget, and nothing is reserved without a lock of an order call', () => {
    const spent = new Map<string, number>();
    const found = { reserved: 0, grown: 0 };
    for (let number = 0; number < HISTORIES; number++) {
      spent.clear();
      const ledger = new MemoryLedger((event, { voucherId, counters, definition }) => {
        const where = `SEED=${SEED} history ${number}, ${event.type}`;
        const { budget } = definition.spec.quantities;
        expect([where, counters.reserved]).toEqual([where, reservedBy(ledger.knowledgeOf(voucherId).claims.values())]);
        found.reserved += counters.reserved.uses;
        if (!budget) return;
        const key = `${voucherId} ${budget.currency}`;
        const now = (counters.discounted[budget.currency] ?? 0) + (counters.reserved.discount[budget.currency] ?? 0);
        if (now > (spent.get(key) ?? now)) {
          found.grown += 1;
          expect([where, now <= budget.amount]).toEqual([where, true]);
        }
        spent.set(key, now);
      });
      run(ledger, randomHistory(new Random(seedOf(number)), 60));
    }
    expect(found.reserved).toBeGreaterThan(HISTORIES / 10);
    expect(found.grown).toBeGreaterThan(HISTORIES / 20);
  });

  it('every unit is counted once after every event, and no more units are given than exist', () => {
    let events = 0;
    for (let number = 0; number < HISTORIES; number++) {
      const out = new Map<string, number>();
      const ledger = new MemoryLedger((event, voucher) => {
        const { held, locked, used, expired, released, revoked, retired, offered, claimed } = voucher.counters;
        const counted = { held, locked, redeemed: used, expired, released, revoked };
        const now = offered + held + locked + used + retired;
        const quantity = claimQuantity(voucher);
        const configured = voucher.definition.spec.quantities.claim;
        const more = now > (out.get(event.voucherId) ?? 0);
        const { waiting, joined, claimedFromOffer, lapsed, left } = voucher.counters;
        const holds =
          joined === waiting + offered + claimedFromOffer + lapsed + left &&
          isDeepStrictEqual(counted, units(ledger.knowledgeOf(event.voucherId).claims.values())) &&
          claimed === held + locked + used + expired + released + revoked &&
          (quantity === null ? freeUnits(voucher) === null : freeUnits(voucher)! + now === quantity) &&
          (!more || configured === null || now <= configured) &&
          excessOf(event, voucher) === undefined &&
          sumFaultOf(voucher) === undefined;
        if (!holds)
          throw new Error(`SEED=${SEED} history ${number}, ${event.type}: ${JSON.stringify(voucher.counters)}`);
        events += 1;
        out.set(event.voucherId, now);
      });
      run(ledger, randomHistory(new Random(seedOf(number)), 60));
    }
    expect(events).toBeGreaterThan(1_000);
  });

  it('nobody waits before or after a decision while a free unit may be offered', () => {
    let waited = 0;
    for (let number = 0; number < HISTORIES; number++) {
      const ledger = new MemoryLedger();
      for (const record of randomHistory(new Random(seedOf(number)), 60)) {
        const decided = new Set(run(ledger, [record]).map(({ voucherId }) => voucherId));
        for (const voucher of ledger.vouchers.values()) {
          if (record.type !== 'tick' && !decided.has(voucher.voucherId)) continue;
          waited += voucher.counters.waiting > 0 ? 1 : 0;
          // A tick moves the voucher's time only to its last event, but nothing is offered that has lapsed by the tick.
          const told = record.type === 'tick' ? near(Date.parse(record.value.at), record.brokerTime) : -Infinity;
          const at = Math.max(voucher.time, told);
          const mayOffer = offerUntil(voucher, at, at) !== undefined;
          expect([SEED, number, mayOffer && voucher.counters.waiting > 0 && freeUnits(voucher)! > 0]).toEqual([
            SEED,
            number,
            false,
          ]);
        }
      }
    }
    expect(waited).toBeGreaterThan(100);
  });

  it('the text of an event is the JSON of its data, byte for byte', () => {
    const recording = { decidedAt: Date.parse('2026-11-10T12:00:01.234Z'), team: 'grün "1"', labels: { a: '券\n' } };
    const types = new Set<string>();
    for (let number = 0; number < HISTORIES; number++) {
      const ledger = new MemoryLedger((event) => {
        types.add(event.type);
        const odd = { ...event, userId: event.userId && `\u2028\ud800"${event.userId}` };
        for (const one of [event, odd]) {
          expect(textOfData(encodeEvent(one, recording))).toBe(JSON.stringify(encodeEvent(one, recording)));
        }
      });
      run(ledger, randomHistory(new Random(seedOf(number)), 60));
    }
    expect(types.size).toBeGreaterThan(12);
  });

  it('replaying the events gives the state that deciding gave', () => {
    for (let number = 0; number < HISTORIES; number++) {
      const replayed = new Map<string, VoucherState>();
      const ledger = new MemoryLedger((event, voucher) => replayed.set(event.voucherId, voucher));
      run(ledger, randomHistory(new Random(seedOf(number)), 60));
      expect(Object.fromEntries(replayed)).toEqual(Object.fromEntries(ledger.vouchers));
    }
  });

  it('a stored event gives its submission back, and deciding it again has the same result', () => {
    const kinds = new Set<string>();
    for (let number = 0; number < HISTORIES; number++) {
      const history = randomHistory(new Random(seedOf(number)), 60);
      const [first, again] = [new MemoryLedger(), new MemoryLedger()];
      for (const record of history) {
        const events = run(first, [record]);
        const verdict = events.find(({ submissionId }) => submissionId !== undefined);
        const told = verdict && submissionOf(throughStore(verdict));
        if (record.type === 'submission' && !verdict) continue;
        if (verdict && verdict.reason !== 'unreadable') kinds.add(verdict.type);
        const input = record.type === 'submission' && told ? { ...record, value: told } : record;
        expect(verdict?.reason === 'unreadable' || record.type !== 'submission' || told !== undefined).toBe(true);
        expect([number, run(again, [input])]).toEqual([number, events]);
      }
      expect(Object.fromEntries(again.vouchers)).toEqual(Object.fromEntries(first.vouchers));
    }
    expect(kinds.size).toBe(21);
  });

  it('due claims give the same events at a tick as at the next submission', () => {
    let due = 0;
    for (let number = 0; number < HISTORIES; number++) {
      const without = plainlyTimed(randomHistory(new Random(seedOf(number)), 60));
      const events = run(new MemoryLedger(), without);
      const wanted = [...new Set(events.map(({ at }) => at))];
      const ticks: InputRecord[] = wanted.map((at) => tickAt(at));
      const ticked = [...without, ...ticks].sort((a, b) => a.brokerTime - b.brokerTime);
      const brought = run(new MemoryLedger(), ticked);
      for (const voucherId of new Set(events.map((event) => event.voucherId))) {
        const told = (all: VoucherEvent[]): VoucherEvent[] =>
          all.filter((event) => event.voucherId === voucherId && event.type !== 'voucher.enabled.v1');
        const expected = told(events);
        // After a voucher's last record, only a tick can cause events.
        expect([number, ...told(brought).slice(0, expected.length)]).toEqual([number, ...expected]);
        due += expected.filter(({ type }) => type === 'voucher.claim-expired.v1').length;
      }
    }
    expect(due).toBeGreaterThan(50);
  });
});

/** The event as Postgres stores it: data, facts and submission as JSON. */
function throughStore(event: VoucherEvent): VoucherEvent {
  const data = JSON.parse(
    textOfData(encodeEvent(event, { decidedAt: event.at, team: 'team', labels: {} })),
  ) as EventData;
  const { facts, submission } = JSON.parse(JSON.stringify(event)) as Pick<VoucherEvent, 'facts' | 'submission'>;
  return { ...decodeEvent(event.type, event.voucherId, event.submissionId, data), facts, submission };
}

function tickAt(at: number): InputRecord {
  return { type: 'tick', value: { at: new Date(at).toISOString() }, brokerTime: at };
}

/**
 * The same history without ticks, by a wall clock that all submitters share. Vouchers are enabled from the start, and
 * only submissions terminate them, because a node that turns by time alone rightly turns at another time without ticks.
 * Nobody waits, because an offer's end counts from the time of the input that brings it about.
 */
function plainlyTimed(history: InputRecord[]): InputRecord[] {
  const kept: InputRecord[] = [];
  for (const record of history) {
    if (record.type === 'tick') continue;
    const at = new Date(record.brokerTime).toISOString();
    if (record.type === 'submission') {
      kept.push({ ...record, value: { ...record.value, at } });
    } else {
      const { waitingList: _, ...spec } = record.value.spec;
      const terminate = { ...spec.nodes.terminate };
      if (terminate.when !== 'false') terminate.when = 'counters.redeemed >= 3';
      const nodes = { ...spec.nodes, enable: { when: 'true' }, terminate };
      kept.push({ ...record, value: { ...record.value, spec: { ...spec, clock: 'wall', nodes } } });
    }
  }
  return kept;
}
