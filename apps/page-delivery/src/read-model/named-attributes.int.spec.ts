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
