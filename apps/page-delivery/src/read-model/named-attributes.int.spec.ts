import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Claim, ClaimSubmission, RedemptionSubmission, VoucherSpecInput } from '@vouchers/contracts';
import { unavailable } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { newId, Running } from '../../testing/running.ts';
import type { CompactedTopic } from './compacted.topic.ts';
import { Definitions } from './definitions.ts';

const running = new Running();
let topic: CompactedTopic;
beforeAll(async () => {
  await running.start();
  ({ topic } = running.replicas[0]!.get(Definitions) as unknown as { topic: CompactedTopic });
}, 60_000);
afterAll(() => running.stop());
afterEach(() => void jest.restoreAllMocks());

const attributes = { tier: 'gold', city: 'Wien', age: 30, shoe: 44 };
const acting = (attrs: object = attributes) => ({
  token: running.tokens.shop,
  headers: { 'x-user-id': 'carol', 'x-user-attrs': JSON.stringify(attrs) },
});
const read = <K extends ClaimSubmission | RedemptionSubmission>(submissionId: string | null): K =>
  running.ledger.read.find((submission) => submission.submissionId === submissionId) as K;
/** Makes the topic forget that it was read to its end. */
const forgetEnd = () => void ((topic as unknown as { confirmedAt: number }).confirmedAt = -Infinity);
const gold: VoucherSpecInput['nodes'] = {
  claim: { when: "user.tier == 'gold'", record: ['city'], perUser: null },
  use: { when: 'user.age > 18' },
};
const isKnown = (voucherId: string, version: number) =>
  eventually(`version ${version} is known`, async () => {
    const { body } = await running.call('GET', '/health/ready');
    expect(body).toBeTruthy();
    return (await running.replicas[0]!.get(Definitions).find(voucherId)).version === version;
  });

describe('the attributes in a submission', () => {
  it('are those that a condition names or a node records, with the version that selected them', async () => {
    const voucherId = await running.define({ nodes: gold });
    const claim = await running.claim(voucherId, acting());
    expect(claim.status).toBe(201);
    const named = { tier: 'gold', city: 'Wien', age: 30 };
    expect(read(claim.headers.get('submission-id'))).toMatchObject({ attributes: named, strippedBy: 1 });
    expect(read<ClaimSubmission>(claim.headers.get('submission-id')).attributes).toEqual(named);
    const body = { order: { id: 'o', amount: 1, currency: 'EUR', items: [] } };
    const used = await running.call('POST', `/v1/claims/${claim.body.id}/redemptions`, {
      ...acting(),
      key: newId(),
      body,
    });
    expect(used.status).toBe(201);
    expect(read<RedemptionSubmission>(used.headers.get('submission-id')).attributes).toEqual(named);
  });

  it('are the only ones in Kafka, in records of every kind', async () => {
    const needle = `needle${newId()}`;
    const call = acting({ ...attributes, secret: needle, [needle]: true, list: [needle] });
    const voucherId = await running.define({ nodes: gold });
    const slug = `page-${newId()}`;
    await running.makePage(slug, [voucherId]);
    const post = (path: string, body: object, how: object = call) =>
      running.call<{ id: string }>('POST', path, { key: newId(), body, ...how });
    const order = { id: 'o', amount: 1, currency: 'EUR', items: [] };
    const before = running.ledger.records.length;
    await running.page(slug, call);
    const [used, other] = [await running.claim(voucherId, call), await running.claim(voucherId, call)];
    const [lock, body] = [`/v1/claims/${used.body.id}/lock`, { orderId: 'o', ttlSeconds: 60 }];
    expect((await running.call('PUT', lock, { ...call, body })).status).toBe(200);
    expect((await running.call('DELETE', `${lock}?orderId=o`, call)).status).toBe(200);
    const redeemed = await post(`/v1/claims/${used.body.id}/redemptions`, { order });
    expect((await post(`/v1/redemptions/${redeemed.body.id}/rollback`, { reason: 'returned' })).status).toBe(200);
    expect((await running.call('DELETE', `/v1/claims/${used.body.id}`, call)).status).toBe(200);
    expect(
      (await post(`/v1/claims/${other.body.id}/revoke`, { reason: 'fraud' }, { token: running.tokens.staff })).status,
    ).toBe(200);
    const kindsRead = () => new Set(running.ledger.read.slice(before).map(({ kind }) => kind));
    await eventually('each kind is read', () => kindsRead().size === 8);
    const records = running.ledger.records.slice(before);
    for (const text of [needle, 'shoe', 'secret'])
      expect(records.filter((record) => record.includes(text))).toEqual([]);
    expect(records.filter((text) => text.includes('"tier":"gold"')).length).toBeGreaterThanOrEqual(3);
  });

  it('are empty if the voucher names none; for a user without attributes, the submission has no version', async () => {
    const voucherId = await running.define({ nodes: { claim: { perUser: null } } });
    const claim = await running.claim(voucherId, acting());
    expect(read(claim.headers.get('submission-id'))).toMatchObject({ attributes: {}, strippedBy: 1 });
    const bare = await running.claim(voucherId, acting({}));
    expect(read(bare.headers.get('submission-id'))).not.toHaveProperty('strippedBy');
  });

  it('also are those of the version before, while the ledger may decide by it', async () => {
    const voucherId = await running.define({ nodes: gold });
    await running.claim(voucherId, acting());
    await running.define({ nodes: { claim: { when: 'user.shoe > 40', perUser: null } } }, { voucherId, version: 2 });
    await isKnown(voucherId, 2);
    const claim = await running.claim(voucherId, acting());
    expect(read(claim.headers.get('submission-id'))).toMatchObject({ attributes, strippedBy: 2 });
  });
});

describe('the end of the definitions', () => {
  it('is reached before attributes are removed, once for all requests of a second', async () => {
    const voucherId = await running.define({ nodes: gold });
    await running.claim(voucherId, acting());
    forgetEnd();
    const reads = jest.spyOn(topic, 'toPresentEnd');
    // The clock stands still, so that all requests are of one second, even on a slow machine.
    jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const claims = await Promise.all(Array.from({ length: 20 }, () => running.claim<Claim>(voucherId, acting())));
    expect(claims.map(({ status }) => status)).toEqual(claims.map(() => 201));
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('is reached before a claim by a version that names more, which this edge had not read', async () => {
    const voucherId = await running.define({ nodes: gold });
    await running.claim(voucherId, acting());
    await running.define({ nodes: { claim: { when: 'user.shoe > 40', perUser: null } } }, { voucherId, version: 2 });
    forgetEnd();
    const claim = await running.claim(voucherId, acting());
    expect(claim.status).toBe(201);
    const { attributes: sent, strippedBy } = read<ClaimSubmission>(claim.headers.get('submission-id'));
    expect([sent['shoe'], strippedBy]).toEqual([44, 2]);
  });

  it('that is not reached makes a claim 503 without a submission, except for a user without attributes', async () => {
    const voucherId = await running.define();
    expect((await running.claim(voucherId, acting())).status).toBe(201);
    forgetEnd();
    const reads = jest
      .spyOn(topic, 'toPresentEnd')
      .mockImplementation(() => Promise.reject(unavailable('Kafka is away.')));
    const { status, headers } = await running.claim(voucherId, acting());
    expect([status, headers.get('retry-after'), headers.get('submission-id')]).toEqual([503, '1', null]);
    expect((await running.claim(voucherId, { token: running.tokens.bob })).status).toBe(201);
    reads.mockRestore();
    const token = await running.issuer.signToken({ sub: 'dave', scope: 'claims:write', attrs: attributes });
    expect((await running.claim(voucherId, { token })).status).toBe(201);
  });
});
