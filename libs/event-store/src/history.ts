// The part of this library that the replay thread uses. It imports neither Nest nor TypeORM.
export { uuidArray } from './arrays.encoder.ts';
export * from './chain/chain.comparison.ts';
export * from './chain/chain.ts';
export * from './chain/event.hash.ts';
export * from './chain/heads.ts';
export { ContextReader } from './context.reader.ts';
export { EventsReader, type ReplayedEvent, type EventRange } from './events.reader.ts';
export type { StoredEvent } from './rows.ts';
export * from './simulation.differences.ts';
export * from './simulation.events.ts';
export * from './simulation.records.ts';
export { atOneMoment, connectHistory, connectRecords, type Queries } from './session.ts';
export type { VoucherTimeline } from './voucher.timeline.ts';
