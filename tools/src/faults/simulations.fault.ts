// Ten simulations wait for two ledgers while one runs, and the ledger that runs it is killed.
import type { Simulation, SimulationState } from '@vouchers/contracts';
import { CLAIMS, counts, published, submitAll, WITHIN_MS } from './due-at-once.fault.ts';
import { rowsOf } from './evidence.ts';
import type { Fault } from './fault.ts';
import { comesTrue } from './patience.ts';
import type { Stage } from './stage.ts';

const QUEUED = 10;
/** A cancelled simulation must not run on for longer than this. */
const CANCELLED_WITHIN_MS = 1_000;

interface Row {
  id: string;
  state: SimulationState;
  done: number;
  of: number;
  runs: number;
  differences: number | null;
}

export const SIMULATIONS: Fault = {
  name: 'simulations',
  title: `${QUEUED} simulations of ${CLAIMS.toLocaleString('en')} claims wait for two ledgers, the one that runs the first is killed, and one is cancelled`,
  inject: async (stage) => {
    const valid = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
    const { voucher, partition } = await published(stage, { windows: { timeZone: 'UTC', valid } });
    await submitAll(stage, voucher, partition, 'claim');
    if (!(await counts(stage, voucher, 'claimed', 1))) return [`I8: not all were claimed within ${WITHIN_MS} ms`];
    const spec = {
      name: 'half',
      resourceType: 'coupon',
      quantities: { claim: CLAIMS / 2 },
      windows: { timeZone: 'UTC', valid },
    };
    const ask = () => called<Simulation>(stage, 'POST', `/v1/vouchers/${voucher.id}/simulations`, { spec });
    const first = await ask();
    // The second ledger does not know of the first simulation before it looks for work, so the first one runs it.
    if (!(await comesTrue(WITHIN_MS, async () => (await rowOf(stage, first.body.id)).done > 0)))
      return ['S1: a simulation did not begin'];
    await stage.replica('ledger');
    const queued = [];
    for (let count = 0; count < QUEUED; count += 1) queued.push(await ask());
    const refused = await ask();
    const violations = refused.status === 429 ? [] : [`S2: simulation ${QUEUED + 2} was answered ${refused.status}`];
    await stage.services.kill('ledger');
    const all = [first, ...queued].map(({ body }) => body.id);
    let most = 0;
    const over = await comesTrue(WITHIN_MS * 2, async () => {
      const rows = await rowsIn(stage, all);
      most = Math.max(most, rows.filter(({ state }) => state === 'running').length);
      return rows.every(({ state }) => state === 'done' || state === 'failed');
    });
    await stage.services.restart('ledger');
    const rows = await rowsIn(stage, all);
    if (!over || rows.some(({ state }) => state !== 'done'))
      violations.push(`S3: the simulations are ${rows.map(({ state }) => state).join(', ')}`);
    if (rows.some(({ differences }) => differences !== 0))
      violations.push('S4: history was not decided again as it was');
    if (most !== 1) violations.push(`S5: ${most} simulations ran at once`);
    if ((await rowOf(stage, first.body.id)).runs < 2) violations.push('S6: the first one was not begun again');
    return [...violations, ...(await cancelled(stage, await ask()))];
  },
};

/** Cancels a simulation that runs. Afterwards it does not move on, and its working table is empty. */
async function cancelled(stage: Stage, { body: { id } }: { body: Simulation }): Promise<string[]> {
  if (!(await comesTrue(WITHIN_MS, async () => (await rowOf(stage, id)).done > 0))) return ['S7: one did not begin'];
  const { status } = await called(stage, 'DELETE', `/v1/simulations/${id}`);
  if (status !== 204) return [`S8: the cancellation was answered ${status}`];
  if ((await rowOf(stage, id)).state !== 'cancelled') return ['S9: it is not cancelled'];
  const isFree = async (): Promise<boolean> => {
    const [lease] = await rowsOf<{ free: boolean }>(
      stage.databaseUrl('ledger'),
      'SELECT until < now() AND NOT EXISTS (SELECT FROM simulation_records) AS free FROM simulation_lease',
    );
    return lease!.free;
  };
  return (await comesTrue(CANCELLED_WITHIN_MS, isFree)) ? [] : [`S10: it runs on for ${CANCELLED_WITHIN_MS} ms`];
}

async function called<Body>(
  stage: Stage,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(stage.services.urls.ledger + path, {
    method,
    headers: {
      authorization: `Bearer ${stage.ledgerToken}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
}

function rowsIn(stage: Stage, ids: readonly string[]): Promise<Row[]> {
  const listed = ids.map((id) => `'${id}'`).join(', ');
  return rowsOf<Row>(
    stage.databaseUrl('ledger'),
    `SELECT simulation_id::text AS id, state, done::float8 AS done, of::float8 AS of, runs,
       (result #>> '{identity,differences}')::float8 AS differences
     FROM simulations WHERE simulation_id IN (${listed}) ORDER BY simulation_id`,
  );
}

async function rowOf(stage: Stage, id: string): Promise<Row> {
  const [row] = await rowsIn(stage, [id]);
  if (!row) throw new Error(`there is no simulation ${id}`);
  return row;
}
