export { type Money, currencyOf, withMoney } from './amounts.ts';
export * from './clock.ts';
export * from './conditions/check.ts';
export type { Sizes } from './conditions/cost.ts';
export * from './conditions/names.ts';
export * from './counters.ts';
export * from './decide.ts';
export * from './decision.ts';
export * from './event-data.ts';
export * from './evolve.ts';
export * from './forgetting.ts';
export * from './judge.ts';
export * from './knowledge.ts';
export * from './needs.ts';
export { offerUntil } from './offers.ts';
export * from './proof.ts';
export * from './shown.ts';
export * from './simulation/memory-records.ts';
export {
  recordedEvent,
  type RecordedEvent,
  type RecordedRow,
  type SimulationQuestion,
  type SimulationResult,
  type SimulationSlice,
  type World,
  type WorldRecords,
} from './simulation/question.ts';
export { simulate } from './simulation/simulate.ts';
export * from './spec/changes.ts';
export * from './spec/complete.ts';
export * from './spec/faults.ts';
export * from './state.ts';
export * from './stored.ts';
export * from './submissions/recorded.ts';
export { budgetLeft } from './submissions/redemption.ts';
export { factsForUse } from './terms.ts';
export * from './wake.ts';
