export * from './page.body.ts';
export * from './rule-check.body.ts';
export * from './voucher-batch.body.ts';
