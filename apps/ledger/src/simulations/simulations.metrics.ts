import { metrics } from '@vouchers/service';
import { Counter } from 'prom-client';

const registers = [metrics];

export const simulationsEnded = new Counter({
  name: 'ledger_simulations_total',
  help: 'Simulations that this replica ended, by state',
  labelNames: ['state'],
  registers,
});
for (const state of ['done', 'failed', 'cancelled']) simulationsEnded.inc({ state }, 0);

export const simulatedEvents = new Counter({
  name: 'ledger_simulated_events_total',
  help: 'Events whose submissions were decided again by simulations',
  registers,
});

export const simulationThreadEnds = new Counter({
  name: 'ledger_simulation_thread_ends_total',
  help: 'Unexpected ends of the simulation thread; the simulation is begun again',
  registers,
});
