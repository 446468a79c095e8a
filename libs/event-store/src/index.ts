export * from './arrays.encoder.ts';
export * from './context.reader.ts';
export * from './events.reader.ts';
export * from './ledger.store.ts';
export * from './migrations/migrations.ts';
export * from './outcomes.relay.ts';
export type * from './rows.ts';
export * from './set-aside.store.ts';
export type { VoucherTimeline } from './voucher.timeline.ts';
