// Simulations of random histories. SIMULATIONS=2000 runs more of them, SEED=… repeats a run.
import { describe, expect, it, jest } from '@jest/globals';
import type { EventData, SimulationDifference, VoucherSpec } from '@vouchers/contracts';
import type { RecordedRow } from '@vouchers/voucher';
import { ForgetfulRecords } from './forgetful-records.ts';
import { randomHistory } from './history.generator.ts';
import { Random, SEED, seedOf } from './random.ts';
import { countersOf } from './life.ts';
import { SimulationModel, type ModelDecision } from './simulation.model.ts';
import { randomSpec } from './spec.generator.ts';
import { eventsOf, publishedSpec, rowsOf, simulated } from './recorded.ts';

const SIMULATIONS = Number(process.env.SIMULATIONS ?? 30);
jest.setTimeout(90_000 + SIMULATIONS * 600);

describe(`simulations of random histories (SEED=${SEED})`, () => {
  it('give every event of history again', async () => {
    let decisions = 0;
    for (let number = 0; number < SIMULATIONS; number++) {
      const history = randomHistory(new Random(seedOf(number)), 60);
      const at = Math.max(...history.map(({ brokerTime }) => brokerTime)) + 60_000;
      for (const events of eventsOf(history).values()) {
        const spec = publishedSpec(events);
        if (!spec) continue;
        const { result } = await simulated(rowsOf(events), { spec, at: Math.max(at, ...events.map((e) => e.at)) });
        const where = `SEED=${SEED} history ${number}`;
        const failure = result.state === 'failed' ? result.failure : undefined;
        expect([where, failure]).toEqual([where, undefined]);
        decisions += result.identity.decisions;
      }
    }
    expect(decisions).toBeGreaterThan(SIMULATIONS * 5);
  });

  it('fail at an event of the past that was altered, and name it', async () => {
    const altered = new Map<string, number>();
    for (let number = 0; number < SIMULATIONS; number++) {
      const random = new Random(seedOf(number));
      for (const events of eventsOf(randomHistory(random, 60)).values()) {
        const spec = publishedSpec(events);
        const rows = rowsOf(events);
        const places = rows.map((row, at) => ({ at, altered: alteredData(row) })).filter(({ altered }) => altered);
        if (!spec || places.length === 0) continue;
        const kind = random.oneOf([...new Set(places.map(({ altered }) => altered!.how))]);
        const { at, altered: made } = random.oneOf(places.filter(({ altered }) => altered!.how === kind));
        const { data, how } = made!;
        const { result } = await simulated(rows.with(at, { ...rows[at]!, data }), {
          spec,
          at: Number.MAX_SAFE_INTEGER,
        });
        const { seq } = rows[at]!;
        expect([SEED, number, how, result.state, result.state === 'failed' && result.failure.event!.seq]).toEqual([
          SEED,
          number,
          how,
          'failed',
          seq,
        ]);
        altered.set(how, (altered.get(how) ?? 0) + 1);
      }
    }
    expect([...altered.keys()].sort()).toEqual(['end', 'rank', 'reason', 'uses']);
  });

  it('ask for all that they need, and are the same with records that forget', async () => {
    let loads = 0;
    for (let number = 0; number < SIMULATIONS / 2; number++) {
      const random = new Random(seedOf(number));
      for (const events of eventsOf(randomHistory(random, 60)).values()) {
        const past = publishedSpec(events);
        if (!past) continue;
        const spec = changedSpec(random, past, events[0]!.at);
        const question = { spec, at: Math.max(...events.map(({ at }) => at)) };
        const worlds = { was: new ForgetfulRecords(), would: new ForgetfulRecords() };
        // An earlier release did not record submissions whole.
        const rows = rowsOf(events).map((row) => (random.chance(0.2) ? { ...row, submission: null } : row));
        const forgetful = await simulated(rows, question, worlds);
        expect([SEED, number, forgetful.result]).toMatchObject([SEED, number, { state: 'done' }]);
        expect(forgetful).toEqual(await simulated(rows, question));
        loads += worlds.was.loads + worlds.would.loads;
      }
    }
    expect(loads).toBeGreaterThan(SIMULATIONS * 5);
  });

  it('count the classes that the model counts by its own code', async () => {
    const seen = new Set<string>();
    for (let number = 0; number < SIMULATIONS; number++) {
      const random = new Random(seedOf(number));
      const history = randomHistory(random, 60);
      for (const [voucherId, events] of eventsOf(history)) {
        const past = publishedSpec(events);
        if (!past) continue;
        const spec = changedSpec(random, past, events[random.between(0, events.length - 1)]!.at);
        const last = Math.max(...history.map(({ brokerTime }) => brokerTime), ...events.map(({ at }) => at));
        const until = past.clock === 'wall' && random.chance(0.3) ? random.oneOf(events).at : undefined;
        const at = last + random.oneOf([0, 3_600_000, 3 * 86_400_000]);
        const { result, differences } = await simulated(rowsOf(events), { spec, at, until });
        const where = `SEED=${SEED} history ${number} ${voucherId}`;
        const own = history.filter((record) => record.type === 'tick' || record.value.voucherId === voucherId);
        const end = past.clock === 'wall' ? Math.min(until ?? Infinity, at) : Infinity;
        const model = new SimulationModel(voucherId, spec).run(own, end);
        expect([where, differences.map(toldOf)]).toEqual([where, model.decisions.filter(isDifferent).map(toldOf)]);
        if (result.state !== 'done') throw new Error(`${where}: ${result.failure.detail}`);
        const { classes, missing, unpriced, would, was } = result;
        expect([where, classes, missing, unpriced]).toEqual([
          where,
          classesOf(model.decisions),
          model.missing,
          model.unpriced,
        ]);
        expect([where, would]).toEqual([where, countersOf(model.would)]);
        if (until === undefined) expect([where, was]).toEqual([where, countersOf(model.was)]);
        for (const { class: of, was, would } of model.decisions)
          if (was !== would) seen.add(of).add(`${of} ${was} ${would}`);
      }
    }
    if (SIMULATIONS >= 100)
      expect([...seen]).toEqual(expect.arrayContaining(['exact', 'consequent', 'moot', 'unobserved']));
  });
});

/** The data of an event with one thing altered. Undefined if it has no such thing, or it is taken as it was recorded. */
function alteredData({ data, submission, submissionId }: RecordedRow): { how: string; data: string } | undefined {
  const said = JSON.parse(data) as EventData;
  if (submissionId !== null && (submission === null || said.reason === 'unreadable')) return undefined;
  const { claim, entry, reason } = said;
  if (reason)
    return { how: 'reason', data: JSON.stringify({ ...said, reason: reason === 'locked' ? 'paused' : 'locked' }) };
  if (entry) return { how: 'rank', data: JSON.stringify({ ...said, entry: { ...entry, rank: entry.rank + 1 } }) };
  if (!claim) return undefined;
  if (claim.uses > 0)
    return { how: 'uses', data: JSON.stringify({ ...said, claim: { ...claim, uses: claim.uses - 1 } }) };
  const useUntil = new Date(Date.parse(claim.useUntil) + 1).toISOString();
  return { how: 'end', data: JSON.stringify({ ...said, claim: { ...claim, useUntil } }) };
}

/** The voucher's own spec with a change, or another one. */
function changedSpec(random: Random, past: VoucherSpec, around: number): VoucherSpec {
  const frame = { timeZone: past.windows.timeZone, clock: past.clock, around };
  const other = randomSpec(random, frame);
  const mixed = {
    ...past,
    ...(random.chance(0.5) && { nodes: other.nodes }),
    ...(random.chance(0.3) && { pool: other.pool }),
    ...(random.chance(0.2) && { windows: other.windows }),
  };
  return random.chance(0.5) ? other : mixed;
}

const isDifferent = ({ class: of, was, would }: ModelDecision): boolean => of === 'moot' || was !== would;

function toldOf(one: ModelDecision | SimulationDifference): string {
  const said = (verdict: string | { verdict: string; reason?: string }): string =>
    typeof verdict === 'string' ? verdict : (verdict.reason ?? verdict.verdict);
  return `${one.submissionId} ${one.class} ${said(one.was)} ${said(one.would)}`;
}

function classesOf(decisions: ModelDecision[]): Record<string, number> {
  const count = (of: ModelDecision['class']): number => decisions.filter((one) => one.class === of).length;
  return {
    exact: count('exact'),
    consequent: count('consequent'),
    unobserved: count('unobserved'),
    moot: count('moot'),
  };
}
