export * from './benefits.ts';
export * from './csv.ts';
export * from './currencies.ts';
export * from './faults.ts';
export * from './proof-faults.ts';
export * from './identifiers.ts';
export * from './kafka-rights.ts';
export * from './reasons.ts';
export * from './scopes.ts';
export * from './services.ts';
export * from './spec-defaults.ts';
export * from './text.ts';
export * from './topics.ts';
export * from './traceparent.ts';
// The types of the contract's schemas. Browsers import this file, so it does not export the schemas themselves.
export type { Claim, ClaimState, Discount, Order, OrderItem, Redemption } from './schemas/claim.schema.ts';
export type { Amounts, Counters, CounterValues, Refusals } from './schemas/counters.schema.ts';
export type { Entry, EntryState, EventEntry, WaitingEntry } from './schemas/entry.schema.ts';
export type {
  Check,
  DecisionTrace,
  EventData,
  EventRow,
  Forgotten,
  PublishedData,
  Reason,
} from './schemas/event.schema.ts';
export type {
  ClaimListed,
  ClaimVoucher,
  GoodsShown,
  ModuleState,
  Page,
  PageData,
  PageModule,
} from './schemas/page.schema.ts';
export type { Fault, Problem } from './schemas/problem.schema.ts';
export type { ChainHead, Proof, ProofCheck } from './schemas/proof.schema.ts';
export type { List } from './schemas/schema.ts';
export type {
  DifferenceClass,
  Simulation,
  SimulationDifference,
  SimulationFailure,
  SimulationInput,
  SimulationListed,
  SimulationReason,
  SimulationSeriesItem,
  SimulationState,
} from './schemas/simulation.schema.ts';
export type {
  Actor,
  ClaimSubmission,
  ExtensionSubmission,
  Facts,
  FactValue,
  Forget,
  ForgetNow,
  JoinSubmission,
  LeaveSubmission,
  LockSubmission,
  PushSubmission,
  RedemptionSubmission,
  ReleaseSubmission,
  RevokeSubmission,
  RollbackSubmission,
  Submission,
  SubmissionOf,
  SubmissionRecord,
  Tick,
  UnlockSubmission,
} from './schemas/submission.schema.ts';
export type { Combination, Extension, Node, Nodes, PoolPolicy, RuleNode, WaitingList } from './schemas/rules.schema.ts';
export type {
  AfterClaim,
  Benefit,
  ClaimWindow,
  Day,
  Definition,
  Goods,
  Hours,
  Intent,
  Operations,
  Quantities,
  Range,
  ResourceType,
  Teams,
  UseWindow,
  Voucher,
  VoucherSpec,
  VoucherSpecInput,
  VoucherStatus,
  Windows,
} from './schemas/voucher.schema.ts';
