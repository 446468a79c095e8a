// Properties that hold for any order of inputs.
import { describe, expect, it } from '@jest/globals';
import type { Submission, SubmissionKind, VoucherSpecInput } from '@vouchers/contracts';
import { submissionOf } from '@vouchers/contracts/schemas';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { claimQuantity, freeUnits, liveClaims } from './counters.ts';
import { decide } from './decide.ts';
import { type Input, SLICE, type VoucherEvent } from './decision.ts';
import { decodeEvent, encodeEvent } from './event-data.ts';
import { evolve } from './evolve.ts';
import type { VoucherState } from './state.ts';
import { definitionOf, NOVEMBER, Story } from '../testing/story.ts';

const START = Date.parse('2026-11-05T00:00:00.000Z');
const RUNS = 300;

const limit = (most: number) => fc.oneof(fc.integer({ min: 1, max: most }), fc.constant(null));
const kept = fc.constantFrom('return' as const, 'retire' as const);

const spec: fc.Arbitrary<Partial<VoucherSpecInput>> = fc.record({
  quantities: fc.record({ push: limit(3), claim: limit(4), redeem: limit(4) }),
  windows: fc.constantFrom({ delay: 'PT0S', length: 'PT3H' }, { delay: 'PT1H', length: 'P1D' }).map((afterClaim) => ({
    ...NOVEMBER.windows,
    use: { afterClaim },
  })),
  nodes: fc.record({
    enable: fc.record({ when: fc.constantFrom('true', 'now >= timestamp("2026-11-05T02:00:00Z")') }),
    claim: fc.record({ when: fc.constantFrom('true', 'user.tier == "gold"'), perUser: limit(2) }),
    use: fc.record({ when: fc.constantFrom('true', 'order.amount >= 100'), perClaim: limit(3) }),
    terminate: fc.record({
      when: fc.constantFrom('false', 'false', 'counters.redeemed >= 3', 'counters.revoked >= 1'),
      claims: fc.constantFrom('honour' as const, 'revoke' as const),
    }),
  }),
  pool: fc.record({
    expired: kept,
    released: kept,
    revoked: kept,
    rolledBack: fc.constantFrom('hold' as const, 'return' as const, 'retire' as const),
  }),
});

const claimId = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const userId = fc.constantFrom('alice', 'bob');
const orderId = fc.constantFrom('order-1', 'order-2');
const redemptionId = fc.constantFrom('r1', 'r2', 'r3', 'r4');
const order = fc.record({ id: orderId, amount: fc.constantFrom(1, 100), currency: fc.constant('EUR') });
const attributes = fc.constantFrom({}, { tier: 'gold' });

const FIELDS: { [K in SubmissionKind]: fc.Arbitrary<object> } = {
  push: fc.record({ userId, pageSlug: fc.constant('home') }),
  claim: fc.record({ claimId, userId, attributes }),
  lock: fc.record({ claimId, userId, orderId, ttlSeconds: fc.constantFrom(60, 7200) }),
  unlock: fc.record({ claimId, userId, orderId }),
  release: fc.record({ claimId, userId }),
  revoke: fc.record({ claimId, reason: fc.constant('') }),
  redemption: fc.record({ claimId, redemptionId, order, attributes: fc.option(attributes, { nil: undefined }) }),
  rollback: fc.record({ claimId, redemptionId, reason: fc.constant('') }),
  join: fc.record({ entryId: claimId, userId, attributes }),
  leave: fc.record({ userId }),
  extension: fc.record({ claimId, userId }),
};
const kinds = Object.keys(FIELDS) as SubmissionKind[];

type Step = { passed: number } & (
  | { kind: SubmissionKind; fields: object }
  | { spec: Partial<VoucherSpecInput>; intent: 'published' | 'paused' | 'terminated' }
  | { tick: true }
);

const passed = fc.constantFrom(0, 0, 1, 60_000, 3_600_000, 30_000_000);
const submission = fc
  .constantFrom(...kinds, 'claim' as const, 'redemption' as const)
  .chain((kind) => fc.record({ passed, kind: fc.constant(kind), fields: FIELDS[kind] }));
const edit = fc.record({
  passed,
  spec,
  intent: fc.constantFrom('published' as const, 'published' as const, 'paused' as const, 'terminated' as const),
});
const tick = fc.record({ passed, tick: fc.constant(true as const) });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 12, arbitrary: submission }, { weight: 1, arbitrary: edit }, { weight: 1, arbitrary: tick }),
  { maxLength: 60 },
);

/** Each submission has a new claim or redemption id. */
function inputOf(step: Step, at: number, number: number, version: number, story: Story): Input | undefined {
  if ('tick' in step) return { type: 'tick', at };
  if ('spec' in step) return { type: 'definition', at, value: definitionOf(step.spec, version, step.intent) };
  const fields = step.fields as { claimId?: string; redemptionId?: string };
  if (step.kind === 'claim' && story.knowledge.claim(fields.claimId!)) return undefined;
  if (step.kind === 'redemption' && story.knowledge.redemption(fields.redemptionId!)) return undefined;
  const base = {
    kind: step.kind,
    submissionId: `s${number}`,
    voucherId: 'voucher',
    at: new Date(at).toISOString(),
    asker: '',
    bodyHash: '',
  };
  return { type: 'submission', at, value: { ...base, ...fields } as Submission };
}

function lived(first: Partial<VoucherSpecInput>, history: Step[], ticking: boolean): Story {
  const story = new Story();
  let at = START;
  story.take({ type: 'definition', at, value: definitionOf(first) });
  for (const [number, step] of history.entries()) {
    at += step.passed;
    if (ticking) story.tick(new Date(at).toISOString());
    const input = inputOf(step, at, number, story.voucher!.lastVersion + 1, story);
    if (input) story.take(input);
  }
  return story;
}

const recording = { decidedAt: 0, team: 'default', labels: {} };
const stored = (event: VoucherEvent): VoucherEvent =>
  decodeEvent(
    event.type,
    event.voucherId,
    event.submissionId,
    JSON.parse(JSON.stringify(encodeEvent(event, recording))),
  );

describe('over random histories', () => {
  it('every unit is counted once after every event, and no quantity is exceeded', () => {
    fc.assert(
      fc.property(spec, steps, (first, history) => {
        let voucher: VoucherState | undefined;
        for (const event of lived(first, history, false).events) {
          const before = voucher;
          voucher = evolve(voucher, event);
          const { claimed, held, locked, used, expired, released, revoked, retired, redeemed, pushed } =
            voucher.counters;
          const { push, redeem } = voucher.definition.spec.quantities;
          expect(held + locked + used + expired + released + revoked).toBe(claimed);
          for (const count of [held, locked, used, expired, released, revoked, retired, redeemed])
            expect(count).toBeGreaterThanOrEqual(0);
          const free = freeUnits(voucher);
          if (free !== null) {
            expect(free).toBeGreaterThanOrEqual(0);
            expect(free + held + locked + used + retired).toBe(claimQuantity(voucher));
          }
          if (event.type === 'voucher.claimed.v1') expect(freeUnits(before!)).not.toBe(0);
          if (event.type === 'voucher.redeemed.v1') expect(redeemed).toBeLessThanOrEqual(redeem ?? Infinity);
          if (event.type === 'voucher.pushed.v1') expect(pushed).toBeLessThanOrEqual(push ?? Infinity);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('replaying stored events gives the state that deciding gave', () => {
    fc.assert(
      fc.property(spec, steps, (first, history) => {
        const story = lived(first, history, false);
        let replayed: VoucherState | undefined;
        for (const event of story.events) replayed = evolve(replayed, stored(event));
        expect(replayed).toEqual(story.voucher);
      }),
      { numRuns: RUNS },
    );
  });

  it('due claims give the same events at a tick as at the next submission', () => {
    const quiet = spec.map((one) => ({
      ...one,
      nodes: { ...one.nodes, enable: { when: 'true' }, terminate: { when: 'false' } },
    }));
    const unedited = steps.map((history) => history.filter((step) => !('spec' in step)));
    let due = 0;
    fc.assert(
      fc.property(quiet, unedited, (first, history) => {
        const asIs = lived(first, history, false);
        const ticked = lived(first, history, true);
        const nodeless = (events: VoucherEvent[]) => events.filter(({ type }) => type !== 'voucher.enabled.v1');
        const expected = nodeless(asIs.events);
        expect(nodeless(ticked.events).slice(0, expected.length)).toEqual(expected);
        due += expected.filter(({ type }) => type === 'voucher.claim-expired.v1').length;
      }),
      { numRuns: RUNS },
    );
    expect(due).toBeGreaterThan(0);
  });
});

describe('after any submission that has the shape of its kind', () => {
  const garbage = fc.anything({ withBigInt: false, withNullPrototype: true, maxDepth: 3 });
  // The ledger's reader checks the same, and more about ids and times.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const SHAPES = Object.fromEntries(kinds.map((kind) => [kind, ajv.compile(submissionOf(kind))])) as Record<
    SubmissionKind,
    ValidateFunction
  >;
  const damaged = fc
    .tuple(
      fc.constantFrom(...kinds),
      fc.dictionary(
        fc.constantFrom(
          'claimId',
          'userId',
          'order',
          'attributes',
          'orderId',
          'ttlSeconds',
          'redemptionId',
          'reason',
          'pageSlug',
          '__proto__',
        ),
        garbage,
      ),
    )
    .chain(([kind, damage]) =>
      FIELDS[kind].map((fields) => ({ kind, at: new Date(START).toISOString(), ...fields, ...damage })),
    );

  it('nothing is thrown, and the next submissions are decided', () => {
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 10 }), fc.oneof(fc.double(), fc.constant(START)), (values, at) => {
        const story = new Story();
        story.define({
          nodes: {
            claim: { when: 'user.tier == "gold"' },
            use: { when: 'order.items.exists(item, item.amount > 1)', perClaim: null },
          },
        });
        story.submit('claim', new Date(START).toISOString(), { claimId: 'a', attributes: { tier: 'gold' } });
        for (const [number, one] of values.entries()) {
          const value = {
            submissionId: `s${number}`,
            voucherId: 'voucher',
            asker: '',
            bodyHash: '',
            ...one,
          } as Submission;
          if (!SHAPES[value.kind](value)) continue;
          const { events, voucher } = decide(story.voucher, story.knowledge, { type: 'submission', at, value });
          for (const event of events) encodeEvent(event, recording);
          story.voucher = voucher;
          story.knowledge.record(events);
        }
        expect(liveClaims(story.voucher!)).toBeLessThanOrEqual(SLICE);
        expect(story.ask('lock', new Date(START).toISOString(), { claimId: 'none' })).toBe('unreadable');
      }),
      { numRuns: 1_000 },
    );
  });
});
