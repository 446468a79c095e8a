import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { partitionOf, type Claim, type Problem } from '@vouchers/contracts';
import { AckUnknown, NotSent, partitionOfKey } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { newId, PARTITIONS, Running } from '../../testing/running.ts';
import { PlatformKafka } from '../messaging/platform.kafka.ts';

const running = new Running();
beforeAll(() => running.start(2, { OUTCOME_WAIT_MS: '1500' }), 60_000);
afterAll(() => running.stop());
afterEach(() => {
  running.ledger.release();
  jest.restoreAllMocks();
});

describe('a claim', () => {
  it('is granted with 201, and its id contains its voucher’s partition', async () => {
    const voucherId = await running.define();
    const { status, body, headers } = await running.claim(voucherId, { token: running.tokens.alice });
    expect([status, body]).toMatchObject([
      201,
      { voucherId, voucherVersion: 1, userId: 'alice', state: 'held', uses: 0 },
    ]);
    expect(partitionOf(body.id)).toBe(partitionOfKey(voucherId, PARTITIONS));
    expect(headers.get('submission-id')).toMatch(/^[0-9a-f-]{14}8/);
    expect(headers.get('voucher-position')).toBe(
      `${partitionOf(body.id)}:${running.ledger.rows.get(partitionOf(body.id)!)!.length}`,
    );
  });

  it('is refused with 409, the reason, and the position of the decision', async () => {
    const voucherId = await running.define({ quantities: { claim: 1 } });
    await running.claim(voucherId, { token: running.tokens.alice });
    const { status, body, headers } = await running.claim(voucherId, { token: running.tokens.bob });
    expect([status, body]).toMatchObject([409, { status: 409, reason: 'sold-out' }]);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(headers.get('submission-id')).toBeTruthy();
    expect(headers.get('voucher-position')).toMatch(/^\d+:\d+$/);
  });

  it.each([0, 1])(
    'requested again with the same key on replica %i is answered with the same claim, as it is now',
    async (replica) => {
      const voucherId = await running.define();
      const call = { token: running.tokens.alice, key: newId() };
      const first = await running.claim(voucherId, call);
      await running.call('DELETE', `/v1/claims/${first.body.id}`, { token: running.tokens.alice });
      const again = await running.claim(voucherId, { ...call, replica });
      expect([again.status, again.body]).toEqual([201, { ...first.body, state: 'released' }]);
      expect(again.headers.get('submission-id')).toBe(first.headers.get('submission-id'));
    },
  );

  it('that was refused stays refused under its key, even if a unit is free again', async () => {
    const voucherId = await running.define({ quantities: { claim: 1 } });
    const { body } = await running.claim(voucherId, { token: running.tokens.alice });
    const call = { token: running.tokens.bob, key: newId() };
    expect((await running.claim(voucherId, call)).status).toBe(409);
    await running.call('DELETE', `/v1/claims/${body.id}`, { token: running.tokens.alice });
    expect((await running.claim(voucherId, { ...call, replica: 1 })).body).toMatchObject({ reason: 'sold-out' });
    expect((await running.claim(voucherId, { token: running.tokens.bob })).status).toBe(201);
  });

  it.each([0, 1])('under a key that was used for another body is 422 on replica %i', async (replica) => {
    const voucherId = await running.define();
    const call = { token: running.tokens.alice, key: newId() };
    await running.claim(voucherId, { ...call, body: { pageSlug: 'a' } });
    expect((await running.claim(voucherId, { ...call, body: { pageSlug: 'b' }, replica })).status).toBe(422);
    expect((await running.claim(voucherId, { ...call, body: { pageSlug: 'a' }, replica })).status).toBe(201);
  });

  it('requested several times at once under one key is one claim', async () => {
    const voucherId = await running.define({ nodes: { claim: { perUser: null } } });
    const call = { token: running.tokens.alice, key: newId() };
    const answers = await Promise.all([0, 1, 0, 1].map((replica) => running.claim(voucherId, { ...call, replica })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('that is not decided in time is 202, pending on every replica, and 201 when it is requested again', async () => {
    const voucherId = await running.define();
    const warm = await running.claim(voucherId, { token: running.tokens.bob });
    expect(warm.status).toBe(201);
    running.ledger.hold();
    const call = { token: running.tokens.alice, key: newId() };
    const { status, headers, body } = await running.claim<Record<string, unknown>>(voucherId, call);
    const submission = headers.get('location')!;
    expect([status, body]).toEqual([202, { submissionId: headers.get('submission-id'), status: 'pending' }]);
    expect(submission).toBe(`/v1/submissions/${headers.get('submission-id')}`);
    expect(headers.get('voucher-position')).toBeNull();
    for (const replica of [0, 1]) {
      expect((await running.call('GET', submission, { token: running.tokens.alice, replica })).body).toEqual(body);
      expect((await running.call('GET', submission, { token: running.tokens.bob, replica })).status).toBe(404);
    }
    expect((await running.claim(voucherId, { ...call, body: { pageSlug: 'other' } })).status).toBe(422);
    running.ledger.release();
    const decided = await eventually('the submission is decided', async () => {
      const { body: shown } = await running.call('GET', submission, { token: running.tokens.alice });
      return shown['status'] === 'accepted' ? shown : undefined;
    });
    expect(decided['claim']).toMatchObject({ userId: 'alice', state: 'held' });
    expect(await running.claim(voucherId, { ...call, replica: 1 })).toMatchObject({
      status: 201,
      body: decided['claim'],
    });
  });

  it('is 503 without Submission-Id if Kafka certainly does not have it, and can be requested again', async () => {
    const voucherId = await running.define();
    const call = { token: running.tokens.alice, key: newId() };
    expect((await running.claim(voucherId, { token: running.tokens.bob })).status).toBe(201);
    jest.spyOn(running.replicas[0]!.get(PlatformKafka).producer, 'send').mockRejectedValueOnce(new NotSent('away'));
    const { status, headers } = await running.claim(voucherId, call);
    expect([status, headers.get('submission-id')]).toEqual([503, null]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await running.claim(voucherId, call)).status).toBe(201);
  });

  it('is 503 with Submission-Id if Kafka does not answer, and pending on all replicas until a repeat', async () => {
    const voucherId = await running.define();
    const call = { token: running.tokens.alice, key: newId() };
    expect((await running.claim(voucherId, { token: running.tokens.bob })).status).toBe(201);
    jest.spyOn(running.replicas[0]!.get(PlatformKafka).producer, 'send').mockRejectedValueOnce(new AckUnknown('late'));
    const { status, headers } = await running.claim(voucherId, call);
    const id = headers.get('submission-id');
    expect([status, typeof id]).toEqual([503, 'string']);
    expect(
      await running.call('GET', `/v1/submissions/${id}`, { token: running.tokens.alice, replica: 1 }),
    ).toMatchObject({ status: 200, body: { status: 'pending' } });
    expect((await running.claim(voucherId, call)).status).toBe(201);
  });

  it('is 503 on a replica without Kafka, and nothing is accepted', async () => {
    const replica = await running.startReplica({ KAFKA_BROKERS: '127.0.0.1:1' }, false);
    const before = running.ledger.read.length;
    const { status, headers } = await running.claim(newId(), { token: running.tokens.alice, replica });
    expect([status, headers.get('submission-id')]).toEqual([503, null]);
    expect((await running.call('GET', '/health/ready', { replica })).status).toBe(503);
    expect(running.ledger.read).toHaveLength(before);
  });
});

describe('a claim request with a fault', () => {
  const voucher = () => running.define();

  it('is 400 with a pointer for each fault of the body', async () => {
    const { status, body } = await running.claim<{ errors: { pointer: string }[] }>(await voucher(), {
      token: running.tokens.alice,
      body: { pageSlug: 'A B', userId: 'bob' },
    });
    expect([status, body.errors.map(({ pointer }) => pointer).sort()]).toEqual([400, ['/pageSlug', '/userId']]);
  });

  it.each([
    ['no key', { key: '' }, 428],
    ['a key too long', { key: 'x'.repeat(256) }, 400],
    ['a key of spaces', { key: 'a b' }, 400],
    ['bad JSON', { body: '{' }, 400],
    ['a prototype', { body: '{"__proto__":{}}' }, 400],
    ['X-User-Id of a user', { headers: { 'x-user-id': 'bob' } }, 403],
    ['X-Occurred-At of a user', { headers: { 'x-occurred-at': '2026-01-01T00:00:00Z' } }, 403],
  ])('%s', async (_what, call, status) => {
    expect((await running.claim(await voucher(), { token: running.tokens.alice, ...call })).status).toBe(status);
  });

  it('is 400 if it comes from a service without X-User-Id; with it, the service claims for that user', async () => {
    const voucherId = await voucher();
    expect((await running.claim(voucherId, { token: running.tokens.shop })).status).toBe(400);
    const { body } = await running.claim(voucherId, { token: running.tokens.shop, headers: { 'x-user-id': 'carol' } });
    expect(body.userId).toBe('carol');
  });

  it('with X-Occurred-At is 400 if the voucher has the wall clock; else that is the time of the claim', async () => {
    const headers = { 'x-user-id': 'carol', 'x-occurred-at': '2017-06-01T10:00:00+02:00' };
    expect((await running.claim(await voucher(), { token: running.tokens.import, headers })).status).toBe(400);
    const valid = { from: '2017-01-01T00:00:00Z', to: '2018-01-01T00:00:00Z' };
    const past = await running.define({ clock: 'submissions', windows: { timeZone: 'UTC', valid } });
    expect(await running.claim(past, { token: running.tokens.import, headers })).toMatchObject({
      status: 201,
      body: { heldAt: '2017-06-01T08:00:00.000Z' },
    });
  });

  it('with X-Occurred-At is 403 other-team if its voucher belongs to another team', async () => {
    const valid = { from: '2017-01-01T00:00:00Z', to: '2018-01-01T00:00:00Z' };
    const spec = { clock: 'submissions' as const, windows: { timeZone: 'UTC', valid } };
    const theirs = await running.define(spec, { team: 'other' });
    const headers = { 'x-user-id': 'carla', 'x-occurred-at': '2017-06-01T10:00:00+02:00' };
    const answer = await running.claim<Problem>(theirs, { token: running.tokens.import, headers });
    expect([answer.status, answer.body.reason]).toEqual([403, 'other-team']);
  });

  it('is never cached by a proxy, nor is any other answer', async () => {
    const voucherId = await voucher();
    const { alice: token } = running.tokens;
    const claimed = await running.claim(voucherId, { token });
    const answers = [
      claimed,
      await running.claim(voucherId, { token }),
      await running.call('GET', `/v1/claims/${claimed.body.id}`, { token }),
      await running.call('GET', `/v1/claims/${claimed.body.id}`, { token: running.tokens.bob }),
      await running.call('GET', '/v1/claims', { token }),
      await running.call('GET', '/v1/claims'),
      await running.page('no-such-page', { token }),
    ];
    expect(answers.map(({ status, headers }) => `${status} ${headers.get('cache-control')}`)).toEqual(
      [201, 409, 200, 404, 200, 401, 404].map((status) => `${status} no-store`),
    );
  });

  it.each(['unknown', 'not-an-id'])('is 404 unknown-voucher if its voucher is %s', async (id) => {
    const { status, body } = await running.claim(id === 'unknown' ? newId() : id, { token: running.tokens.alice });
    expect([status, body]).toMatchObject([404, { reason: 'unknown-voucher' }]);
  });

  it('is refused by the ledger if its voucher is a draft', async () => {
    const draft = await running.define({}, { intent: 'draft' });
    expect((await running.claim(draft, { token: running.tokens.alice })).body).toMatchObject({
      status: 409,
      reason: 'not-published',
    });
  });
});

describe('a claim that a user holds', () => {
  const held = async (): Promise<Claim> =>
    (await running.claim(await running.define(), { token: running.tokens.alice })).body;

  it('is locked, locked again for the same order, refused to another order, and unlocked', async () => {
    const { id } = await held();
    const call = { token: running.tokens.alice };
    const lock = (orderId: string) =>
      running.call('PUT', `/v1/claims/${id}/lock`, { ...call, body: { orderId, ttlSeconds: 60 } });
    expect((await lock('o-1')).body).toMatchObject({ state: 'locked', lock: { orderId: 'o-1' } });
    expect((await lock('o-1')).status).toBe(200);
    expect((await lock('o-2')).body).toMatchObject({ status: 409, reason: 'locked-by-other-order' });
    expect((await running.call('DELETE', `/v1/claims/${id}`, call)).body).toMatchObject({
      status: 409,
      reason: 'locked',
    });
    const unlock = (key?: string) => running.call('DELETE', `/v1/claims/${id}/lock?orderId=o-1`, { ...call, key });
    expect((await unlock()).body).toMatchObject({ state: 'held' });
    expect((await unlock()).body).toMatchObject({ id, state: 'held' });
    expect((await unlock(newId())).body).toMatchObject({ status: 409, reason: 'not-locked' });
  });

  it('is locked and unlocked by an order of 200 characters, emoji too', async () => {
    const { id } = await held();
    const call = { token: running.tokens.alice };
    const orderId = '😀'.repeat(200);
    const locked = await running.call('PUT', `/v1/claims/${id}/lock`, { ...call, body: { orderId, ttlSeconds: 60 } });
    expect(locked).toMatchObject({ status: 200, body: { lock: { orderId } } });
    const unlocked = await running.call('DELETE', `/v1/claims/${id}/lock?orderId=${encodeURIComponent(orderId)}`, call);
    expect(unlocked).toMatchObject({ status: 200, body: { state: 'held' } });
  });

  it('is shown to a service that names its user', async () => {
    const token = await running.issuer.signToken({ sub: 'é "a', scope: 'claims:write' });
    const { body } = await running.claim(await running.define(), { token });
    const asking = { token: running.tokens.shop, headers: { 'x-user-id': '"\\u00e9 \\"a"' } };
    expect((await running.call('GET', `/v1/claims/${body.id}`, asking)).body).toMatchObject({ userId: 'é "a' });
  });

  it('is released once with a key, and any number of times without a key', async () => {
    const { id } = await held();
    const release = (key?: string) => running.call('DELETE', `/v1/claims/${id}`, { token: running.tokens.alice, key });
    const first = await release();
    expect([first.status, first.body]).toMatchObject([200, { id, state: 'released' }]);
    const position = first.headers.get('voucher-position')!;
    await running.call('GET', `/v1/claims/${id}`, {
      token: running.tokens.alice,
      headers: { 'voucher-position': position },
    });
    const again = await release();
    expect([again.status, again.headers.get('submission-id'), again.body]).toMatchObject([
      200,
      null,
      { state: 'released' },
    ]);
    expect((await release(newId())).body).toMatchObject({ status: 409, reason: 'claim-released' });
  });

  it('is revoked only by its voucher’s team, with a reason', async () => {
    const { id } = await held();
    const revoke = (token: string, body: unknown) => running.call('POST', `/v1/claims/${id}/revoke`, { token, body });
    expect((await revoke(running.tokens.stranger, { reason: 'fraud' })).body).toMatchObject({
      status: 403,
      reason: 'other-team',
    });
    expect((await revoke(running.tokens.staff, {})).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/reason' }],
    });
    expect((await revoke(running.tokens.alice, { reason: 'fraud' })).status).toBe(403);
    expect((await revoke(running.tokens.staff, { reason: 'fraud' })).body).toMatchObject({ id, state: 'revoked' });
    expect((await revoke(running.tokens.staff, { reason: 'fraud' })).body).toMatchObject({ id, state: 'revoked' });
  });

  it.each(['unknown', 'foreign', 'malformed'])('that is %s is the same 404', async (which) => {
    const id = which === 'foreign' ? (await held()).id : which === 'unknown' ? newId() : 'x';
    const answers = await Promise.all([
      running.call('GET', `/v1/claims/${id}`, { token: running.tokens.bob }),
      running.call('DELETE', `/v1/claims/${id}`, { token: running.tokens.bob }),
      running.call('PUT', `/v1/claims/${id}/lock`, {
        token: running.tokens.bob,
        body: { orderId: 'o', ttlSeconds: 1 },
      }),
    ]);
    const problem = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'There is no such thing.' };
    expect(answers.map(({ body }) => body)).toEqual([problem, problem, problem]);
  });

  it.each([
    [{ orderId: 'o', ttlSeconds: 0 }, '/ttlSeconds'],
    [{ orderId: 'o', ttlSeconds: 86_401 }, '/ttlSeconds'],
    [{ ttlSeconds: 1 }, '/orderId'],
  ])('cannot be locked with %j', async (body, pointer) => {
    const { id } = await held();
    expect(
      (await running.call('PUT', `/v1/claims/${id}/lock`, { token: running.tokens.alice, body })).body,
    ).toMatchObject({ status: 400, errors: [{ pointer }] });
  });
});
