export * from './arrays.encoder.ts';
export * from './chain/chain.comparison.ts';
export * from './chain/chain.ts';
export * from './chain/event.hash.ts';
export { attestationOf } from './chain/forgotten.events.ts';
export * from './chain/heads.ts';
export * from './checkpoints.thinning.ts';
export * from './context.reader.ts';
export type { EventFilter, EventPlace } from './event.queries.ts';
export * from './events.reader.ts';
export * from './forgetting.store.ts';
export * from './grants.ts';
export * from './ledger.store.ts';
export { REBUILD_LOCK } from './migrations/forgetting.migration.ts';
export * from './outcomes.relay.ts';
export { pseudonymOf } from './pseudonym.ts';
export type * from './rows.ts';
export * from './simulation.differences.ts';
export {
  MOST_QUEUED,
  SimulationsStore,
  type Heartbeat,
  type SimulationAsked,
  type SimulationRow,
} from './simulations.store.ts';
export { atOneMoment, connectAudit, connectHistory, type Queries } from './session.ts';
export * from './set-aside.store.ts';
export * from './signatures.store.ts';
export type { VoucherTimeline } from './voucher.timeline.ts';
