export * from './claim.schema.ts';
export * from './counters.schema.ts';
export * from './event.schema.ts';
export * from './page.schema.ts';
export * from './problem.schema.ts';
export * from './schema.ts';
export * from './submission.schema.ts';
export * from './voucher.schema.ts';
