// Asks a running ledger what other specs would have done to what really happened.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  FORGET_TYPE,
  type List,
  type Simulation,
  type SimulationDifference,
  type SimulationListed,
  type Submission,
  type VoucherSpec,
} from '@vouchers/contracts';
import { metrics } from '@vouchers/service';
import { eventually } from '@vouchers/testing';
import { randomUUID } from 'node:crypto';
import { definitionOf, RunningLedger } from '../../testing/running-ledger.ts';

const QUANTITIES = { push: null, claim: 6, redeem: null };
const NODES = {
  enable: { when: 'true' },
  claim: { when: 'user.tier in ["gold", "silver"]', perUser: 2 },
  use: { when: 'order.amount >= 1000', perClaim: 1 },
  terminate: { when: 'false', claims: 'honour' as const },
};

describe('simulations', () => {
  let ledger: RunningLedger;
  let voucherId: string;
  let spec: VoucherSpec;
  beforeAll(async () => {
    ledger = await new RunningLedger().start();
    voucherId = await ledger.define({ quantities: QUANTITIES, nodes: NODES });
    ({ spec } = definitionOf(voucherId, { quantities: QUANTITIES, nodes: NODES }, 1));
    await live();
  }, 60_000);
  afterAll(() => ledger?.stop());

  /** Eight users ask, six get a claim; one is used, one is given back, and a seventh user gets its unit. */
  async function live(): Promise<void> {
    const tier = (user: number): string => (user % 2 === 0 ? 'gold' : 'silver');
    const claims = Array.from({ length: 8 }, (_, user) =>
      ledger.claim(voucherId, `user-${user}`, { attributes: { tier: tier(user) } }),
    );
    const first = { ...claims[0]!, claimId: claims[0]!.claimId };
    const second = claims[1]!;
    const order = { id: 'order-1', amount: 1_500, currency: 'EUR' };
    const rest: Submission[] = [
      ledger.about('redemption', first, { redemptionId: ledger.freshId(voucherId), order }),
      ledger.about('release', second, { userId: 'user-1' }),
      ledger.claim(voucherId, 'user-7', { attributes: { tier: 'silver' } }),
      ledger.claim(voucherId, 'user-9', { attributes: { tier: 'tin' } }),
    ];
    await ledger.submit(ledger.push(voucherId, 'user-0'), ...claims, ...rest);
    await ledger.decided(...claims, ...rest);
  }

  const asked = (changes: Partial<VoucherSpec> = {}, of = voucherId, more: object = {}) =>
    ledger.send<Simulation>('POST', `/v1/vouchers/${of}/simulations`, { spec: { ...spec, ...changes }, ...more });
  const read = async (id: string): Promise<Simulation> => (await ledger.get<Simulation>(`/v1/simulations/${id}`)).body;
  async function ended(id: string): Promise<Simulation> {
    let simulation!: Simulation;
    await eventually('the simulation is over', async () => {
      simulation = await read(id);
      return simulation.state !== 'queued' && simulation.state !== 'running';
    });
    return simulation;
  }
  const simulated = async (changes: Partial<VoucherSpec> = {}, of = voucherId, more: object = {}) =>
    ended((await asked(changes, of, more)).body.id);
  const differences = async (id: string, query = '') =>
    (await ledger.get<List<SimulationDifference> & { more: number }>(`/v1/simulations/${id}/differences${query}`)).body;

  it('give the recorded decisions again under the versions that were in force', async () => {
    const { status, headers, body } = await asked();
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/simulations/${body.id}`);
    expect(body).toMatchObject({ voucherId, state: 'queued', by: { sub: 'auditor', team: 'default' } });
    const simulation = await ended(body.id);
    expect(simulation).toMatchObject({
      state: 'done',
      identity: { differences: 0 },
      classes: { exact: 0, consequent: 0, unobserved: 0, moot: 0 },
      reasons: [],
      nodes: 'exact',
    });
    expect(simulation.identity!.decisions).toBe(13);
    expect(simulation.progress.done).toBe(simulation.progress.of);
    const { body: counters } = await ledger.get<Record<string, unknown>>(`/v1/vouchers/${voucherId}/counters`);
    const { asOf: _, voucherId: __, ...values } = counters;
    expect(simulation.was).toEqual(values);
    expect(simulation.would).toEqual(values);
    expect(await differences(body.id)).toEqual({ items: [], next: null, more: 0 });
  });

  it('tell which decisions a spec would change, by class and reason', async () => {
    const gold = { ...NODES, claim: { ...NODES.claim, when: 'user.tier == "gold"' } };
    const simulation = await simulated({ nodes: gold });
    expect(simulation).toMatchObject({ state: 'done', identity: { differences: 0 } });
    // Silver users get nothing, so a gold one is in time: user-6 was too late for one of six units.
    expect(simulation.would).toMatchObject({ claimed: 4, refused: { claim: { 'claim-rule': 6 } } });
    expect(simulation.classes!.exact).toBeGreaterThanOrEqual(4);
    const { items, next } = await differences(simulation.id);
    expect(next).toBeNull();
    const of = (userId: string) => items.filter((one) => one.userId === userId && one.kind === 'claim');
    expect(of('user-1')).toMatchObject([
      { was: { verdict: 'granted' }, would: { verdict: 'refused', reason: 'claim-rule' }, class: 'exact' },
    ]);
    expect(of('user-1')[0]!.checks.at(-1)).toMatchObject({ check: 'claim-rule', passed: false });
    expect(of('user-6')).toMatchObject([
      { was: { verdict: 'refused', reason: 'sold-out' }, would: { verdict: 'granted' }, class: 'consequent' },
    ]);
    expect(items.filter(({ kind }) => kind === 'release')).toMatchObject([
      { was: { verdict: 'granted' }, would: { verdict: 'moot' }, class: 'moot' },
    ]);
    const exact = await differences(simulation.id, '?class=exact&limit=2');
    expect(exact.items).toHaveLength(2);
    const rest = await differences(simulation.id, `?class=exact&after=${exact.next}`);
    expect([...exact.items, ...rest.items]).toEqual(items.filter((one) => one.class === 'exact'));
    const soldOut = await differences(simulation.id, '?reason=sold-out');
    expect(soldOut.items).toEqual(
      items.filter(({ was, would }) => was.reason === 'sold-out' || would.reason === 'sold-out'),
    );
    expect(simulation.reasons).toContainEqual({
      ...{ class: 'consequent', kind: 'claim', was: 'sold-out', would: 'granted', n: 1 },
    });
  });

  it('refuse a spec as config does, and a voucher that was never published', async () => {
    const bad = await ledger.send<{ errors: { pointer: string }[] }>('POST', `/v1/vouchers/${voucherId}/simulations`, {
      spec: { ...spec, quantities: { claim: 0 }, nodes: { claim: { when: 'nonsense(' } } },
    });
    expect(bad.status).toBe(400);
    expect(bad.body.errors.map(({ pointer }) => pointer)).toEqual(['/spec/quantities/claim', '/spec/nodes/claim/when']);
    const other = await ledger.send<{ errors: object[] }>('POST', `/v1/vouchers/${voucherId}/simulations`, {
      spec: { ...spec, clock: 'submissions', windows: { ...spec.windows, timeZone: 'Asia/Shanghai' } },
    });
    expect(other.body.errors).toMatchObject([
      { pointer: '/spec/clock', code: 'vouchers-own', params: { value: 'wall' } },
      { pointer: '/spec/windows/timeZone', code: 'vouchers-own', params: { value: 'UTC' } },
    ]);
    const draft = definitionOf(ledger.freshId(voucherId), {}, 1);
    const record = (value: object) => ledger.record(draft.voucherId, 'voucher.definition.v1', value);
    await ledger.producer.send([record({ ...draft, intent: 'draft' })]);
    await eventually('the draft is known', () => ledger.of(draft.voucherId).length > 0);
    expect(await asked({}, draft.voucherId)).toMatchObject({ status: 409, body: { reason: 'not-published' } });
    await ledger.producer.send([record({ ...draft, intent: 'terminated', version: 2 })]);
    await eventually('it is terminated', () => ledger.of(draft.voucherId).length > 1);
    expect((await asked({}, draft.voucherId)).status).toBe(409);
    const nobody = ledger.freshId(voucherId);
    expect((await asked({}, nobody)).status).toBe(404);
    for (const path of ['', '/differences'])
      expect((await ledger.get(`/v1/simulations/${nobody}${path}`)).status).toBe(404);
    expect((await ledger.send('DELETE', `/v1/simulations/${nobody}`)).status).toBe(404);
  });

  it('end with the counters of that moment', async () => {
    const at = ledger.of(voucherId).find(({ type }) => type === 'voucher.redeemed.v1')!.data.at;
    const simulation = await simulated({}, voucherId, { until: at });
    const { body } = await ledger.get<Record<string, unknown>>(`/v1/vouchers/${voucherId}/counters?at=${at}`);
    const { asOf: _, voucherId: __, ...values } = body;
    expect([simulation.until, simulation.was]).toEqual([at, values]);
  });

  it('wait for their turn, at most ten of them, and can be cancelled and removed', async () => {
    await ledger.pool.query(`UPDATE simulation_lease SET until = now() + interval '1 hour'`);
    const queued = [];
    for (let count = 0; count < 10; count += 1) queued.push((await asked()).body.id);
    const refused = await asked();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await read(queued[0]!)).state).toBe('queued');
    expect((await ledger.send('DELETE', `/v1/simulations/${queued[3]!}`)).status).toBe(204);
    expect((await read(queued[3]!)).state).toBe('cancelled');
    const more = await asked();
    expect(more.status).toBe(202);
    await ledger.pool.query(`UPDATE simulation_lease SET until = '-infinity'`);
    const states = await Promise.all([...queued, more.body.id].map(async (id) => (await ended(id)).state));
    expect(states).toEqual(states.map((_, index) => (index === 3 ? 'cancelled' : 'done')));
    const path = `/v1/vouchers/${voucherId}/simulations`;
    const { body: page } = await ledger.get<List<SimulationListed>>(`${path}?limit=4`);
    expect(page.items.map(({ id }) => id)).toEqual([more.body.id, ...queued.slice(7).reverse()]);
    const { body: rest } = await ledger.get<List<SimulationListed>>(`${path}?after=${page.next}&limit=200`);
    expect(rest.items.map(({ id }) => id).slice(0, 7)).toEqual(queued.slice(0, 7).reverse());
    expect((await ledger.send('DELETE', `/v1/simulations/${queued[3]!}`)).status).toBe(204);
    expect((await ledger.get(`/v1/simulations/${queued[3]!}`)).status).toBe(404);
    const { values } = await metrics.getSingleMetric('ledger_simulations_total')!.get();
    expect(values.find(({ labels }) => labels['state'] === 'done')!.value).toBeGreaterThanOrEqual(10);
  });

  it('of another team’s asker are not deleted by others, but by the team of the voucher', async () => {
    const token = await ledger.signToken({ sub: 'eve', team: 'other', scope: 'ledger:read' });
    const eve = { authorization: `Bearer ${token}` };
    const ours = (await asked()).body.id;
    expect(await ledger.send('DELETE', `/v1/simulations/${ours}`, undefined, eve)).toMatchObject({
      status: 403,
      body: { reason: 'other-team' },
    });
    const theirs = await ledger.send<Simulation>('POST', `/v1/vouchers/${voucherId}/simulations`, { spec }, eve);
    expect((await ledger.send('DELETE', `/v1/simulations/${theirs.body.id}`, undefined, eve)).status).toBe(204);
    expect((await ledger.send('DELETE', `/v1/simulations/${theirs.body.id}`)).status).toBe(204);
  });

  it('name nobody who was forgotten', async () => {
    const gold = { ...NODES, claim: { ...NODES.claim, when: 'user.tier == "gold"' } };
    const { id } = await simulated({ nodes: gold });
    const named = (await differences(id)).items.filter(({ userId }) => userId === 'user-1').length;
    expect(named).toBeGreaterThan(0);
    for (const userId of ['user-1', 'auditor']) {
      const at = new Date().toISOString();
      const forget = { forgettingId: randomUUID(), at, userId, salt: 'salt', by: { sub: 'privacy', team: 'default' } };
      await ledger.producer.send([ledger.record(voucherId, FORGET_TYPE, forget)]);
    }
    const partition = ledger.partitionOf(voucherId);
    await eventually('both are forgotten', async () => {
      const { rowCount } = await ledger.pool.query(
        `SELECT FROM events WHERE partition = $1 AND type = 'voucher.user-forgotten.v1'`,
        [partition],
      );
      return rowCount === 2;
    });
    const pseudonyms = (await differences(id)).items.filter(({ userId }) => userId?.startsWith('forgotten-'));
    expect(pseudonyms).toHaveLength(named);
    expect((await read(id)).by.sub).toMatch(/^forgotten-/);
    const { rows } = await ledger.pool.query<{ row: string }>(
      `SELECT s::text AS row FROM simulations s UNION ALL SELECT d::text FROM simulation_differences d`,
    );
    expect(rows.filter(({ row }) => row.includes('user-1') || row.includes('auditor'))).toEqual([]);
    expect(await simulated()).toMatchObject({ state: 'done', identity: { differences: 0 } });
  });

  it('fail with the first event that does not follow from its submission', async () => {
    const event = ledger.of(voucherId).find(({ data }) => data.reason === 'sold-out')!;
    const { partition, seq } = event;
    await ledger.pool.query(
      `UPDATE events SET reason = 'paused', data = replace(data::text, '"reason":"sold-out"', '"reason":"paused"')::json
       WHERE partition = $1 AND seq = $2`,
      [partition, seq],
    );
    const simulation = await simulated();
    expect(simulation).toMatchObject({
      state: 'failed',
      identity: { differences: 1 },
      failure: { why: 'identity', event: { seq, type: 'voucher.claim-refused.v1', submissionId: event.submissionId } },
    });
    expect(simulation.classes).toBeUndefined();
  });
});
