// Provokes each reason of the contract through HTTP, and checks the trace that explains it.
import { REASONS, REFUSED_TYPES, type Counters, type RefusedKind, type Voucher } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Actor } from './actor.ts';
import { OF_CHECKOUT } from './checkout-refusals.cases.ts';
import { OF_POOL } from './pool-refusals.cases.ts';
import { CHECKS, NOON, OF_CLAIMS, Scene, type Refusal } from './refusals.cases.ts';

const REFUSALS: Refusal[] = [...OF_CLAIMS, ...OF_POOL, ...OF_CHECKOUT];

/** Kinds that users ask for. Services ask for the others and name no user. */
const BY_USERS: RefusedKind[] = ['claim', 'lock', 'unlock', 'release', 'join', 'leave', 'extension'];
const checkedAs = ({ kind, judgedAs }: Refusal): RefusedKind => judgedAs ?? kind;
const placeOf = (refusal: Refusal): number => refusal.place ?? CHECKS[checkedAs(refusal)].indexOf(refusal.reason);

let services: TestServices;
let actor: Actor;
beforeAll(async () => {
  services = await startServices({ environment: { OUTCOME_WAIT_MS: '20000' } });
  actor = await Actor.of(services);
}, 120_000);
afterAll(() => services?.stop());

async function sceneOf({ spec, draft }: Refusal): Promise<Scene> {
  const full = Scene.spec(spec);
  const made = draft ? (await actor.config<Voucher>('POST', '/vouchers', full)).body : await actor.published(full);
  return new Scene(actor, made, full);
}

describe('refusals', () => {
  it('cover every reason, and every check of every kind once', () => {
    expect(new Set(REFUSALS.map(({ reason }) => reason))).toEqual(new Set(REASONS));
    const places = REFUSALS.map((refusal) => `${checkedAs(refusal)} ${placeOf(refusal)}`);
    const all = Object.entries(CHECKS).flatMap(([kind, checks]) => checks.map((_, place) => `${kind} ${place}`));
    expect(places.sort()).toEqual(all.sort());
  });

  it.each(REFUSALS.map((refusal) => [refusal.kind, refusal.reason, refusal] as const))(
    '%s: %s',
    async (kind, reason, refusal) => {
      const scene = await sceneOf(refusal);
      const refused = await refusal.ask(scene);
      expect(refused).toMatchObject({ status: 409, body: { status: 409, reason } });
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);

      const submissionId = refused.headers.get('submission-id')!;
      const { body: decision } = await actor.decision(submissionId);
      expect(decision).toMatchObject({ submissionId, kind, voucherId: scene.voucher.id, verdict: 'refused', reason });
      const passed = CHECKS[checkedAs(refusal)].slice(0, placeOf(refusal)).map((check) => ({ check, passed: true }));
      const failed = { check: reason, passed: false, ...(refusal.detail && { detail: refusal.detail }) };
      expect(decision.checks).toEqual([...passed, failed]);

      const [row] = await actor.events(`/vouchers/${scene.voucher.id}/events?reason=${reason}`);
      expect(row).toMatchObject({ type: REFUSED_TYPES[kind], submissionId, data: { reason, checks: decision.checks } });
      expect(refused.headers.get('voucher-position')).toBe(`${row!.partition}:${row!.seq}`);
      const { body: counters } = await actor.counters(scene.voucher.id);
      expect(counters.refused).toEqual({ [kind]: { [reason]: 1 } } satisfies Counters['refused']);
      const asker = BY_USERS.includes(checkedAs(refusal)) ? { user: 'ann' } : {};
      const { body: shown } = await actor.edge('GET', `/submissions/${submissionId}`, asker);
      expect(shown).toMatchObject({ submissionId, status: 'refused', reason });
    },
  );

  it('name a missing attribute, and publish no attribute of the user', async () => {
    const spec = Scene.spec({ nodes: { claim: { when: 'user.tier == "gold" && user.age >= 18' } } });
    const scene = new Scene(actor, await actor.published(spec), spec);
    const [missing, silver] = [
      await scene.claim('ann', { attributes: { tier: 'gold' } }),
      await scene.claim('bob', { attributes: { tier: 'silver', age: 17 } }),
    ];
    const [first, second] = [missing, silver].map((sent) => sent.headers.get('submission-id')!);
    const of = async (id: string) => (await actor.decision(id)).body;
    expect((await of(first!)).checks.at(-1)).toEqual({
      check: 'claim-rule',
      passed: false,
      detail: 'the condition cannot be evaluated: missing: user.age',
    });
    expect(await of(second!)).toMatchObject({ at: NOON, facts: { 'user.tier': 'silver', 'user.age': 17 } });
    const published = await actor.events(`/vouchers/${scene.voucher.id}/events?type=voucher.claim-refused.v1`);
    expect(published).toHaveLength(2);
    expect(JSON.stringify(published)).not.toContain('silver');
  });

  it('without a key, do not count a repeated release or revoke', async () => {
    const spec = Scene.spec();
    const scene = new Scene(actor, await actor.published(spec), spec);
    const [id, other] = [await scene.held('ann'), await scene.held('bob')];
    const asking = { user: 'ann', at: NOON, key: null };
    expect(await actor.unlock(id, 'order-1', asking)).toMatchObject({ status: 200, body: { id, state: 'held' } });
    expect(await actor.release(id, asking)).toMatchObject({ status: 200, body: { id, state: 'released' } });
    expect(await actor.revoke(other, { at: NOON, key: null })).toMatchObject({
      status: 200,
      body: { state: 'revoked' },
    });
    const before = (await actor.counters(scene.voucher.id)).body;
    expect(await actor.release(id, asking)).toMatchObject({ status: 200, body: { id, state: 'released' } });
    expect(await actor.revoke(other, { at: NOON, key: null })).toMatchObject({
      status: 200,
      body: { state: 'revoked' },
    });
    expect((await actor.counters(scene.voucher.id)).body).toEqual(before);
    expect(before.refused).toEqual({ unlock: { 'not-locked': 1 } });
  });
});
