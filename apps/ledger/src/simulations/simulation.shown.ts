import type { Actor, Simulation, SimulationListed, VoucherSpec } from '@vouchers/contracts';
import type { SimulationRow } from '@vouchers/event-store';

/** The part of a simulation that its run makes, stored as one JSON. */
export type SimulationResult = Pick<
  Simulation,
  | 'identity'
  | 'failure'
  | 'was'
  | 'would'
  | 'classes'
  | 'reasons'
  | 'missing'
  | 'series'
  | 'unpriced'
  | 'nodes'
  | 'more'
>;

export const resultOf = ({ result }: Pick<SimulationRow, 'result'>): SimulationResult =>
  result === null ? {} : (JSON.parse(result) as SimulationResult);

export function simulationShown(row: SimulationRow): Simulation {
  return { ...basisOf(row), spec: JSON.parse(row.spec) as VoucherSpec, ...resultOf(row) };
}

export function simulationListed(row: SimulationRow): SimulationListed {
  const { identity, failure, classes, unpriced, nodes, more } = resultOf(row);
  return {
    ...basisOf(row),
    ...(identity && { identity }),
    ...(failure && { failure }),
    ...(classes && { classes }),
    ...(unpriced !== undefined && { unpriced }),
    ...(nodes && { nodes }),
    ...(more !== undefined && { more }),
  };
}

function basisOf({ simulationId, voucherId, state, done, of, askedBy, askedAt, until }: SimulationRow) {
  return {
    id: simulationId,
    voucherId,
    state,
    progress: { done, of },
    by: JSON.parse(askedBy) as Actor,
    at: new Date(askedAt).toISOString(),
    ...(until !== null && { until: new Date(until).toISOString() }),
  };
}
