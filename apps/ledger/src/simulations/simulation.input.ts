// Judges what a caller wants to simulate.
import { fault, timeOf, type Definition, type Fault, type VoucherSpec } from '@vouchers/contracts';
import { SIMULATION_INPUT, withFields, type Schema } from '@vouchers/contracts/schemas';
import { badRequest, CompiledBody } from '@vouchers/service';
import { completeSpec, specFaults } from '@vouchers/voucher';
import type { SimulationInput, VoucherSpecInput } from '@vouchers/contracts';

/** Does not check the spec, since `specFaults` has better messages. */
export const simulationBody = new CompiledBody<SimulationInput>(
  withFields(SIMULATION_INPUT, { spec: { type: 'object' } as Schema<VoucherSpecInput> }),
  SIMULATION_INPUT,
);

/** The spec that is simulated. `until` is in Unix milliseconds. */
export interface Wanted {
  /** Complete, and without goods: `matchesGoods` is as it was recorded. */
  spec: VoucherSpec;
  until: number | undefined;
}

/** @throws 400 with the JSON pointer of each fault, also for another clock or zone than the voucher's */
export function wantedOf({ spec, until }: SimulationInput, { spec: own }: Definition): Wanted {
  const faults = specFaults(spec);
  if (faults.length > 0) throw badRequest(inSpec(faults));
  const complete = { ...completeSpec(spec), goods: [] };
  const { clock, windows } = complete;
  const frozen = [
    ...(clock === own.clock ? [] : [fault('/clock', 'vouchers-own', { value: own.clock })]),
    ...(windows.timeZone === own.windows.timeZone
      ? []
      : [fault('/windows/timeZone', 'vouchers-own', { value: own.windows.timeZone })]),
  ];
  if (frozen.length > 0) throw badRequest(inSpec(frozen));
  return { spec: complete, until: timeOf(until) };
}

const inSpec = (faults: readonly Fault[]): Fault[] =>
  faults.map((found) => ({ ...found, pointer: `/spec${found.pointer}` }));
