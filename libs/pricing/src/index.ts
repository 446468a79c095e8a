export * from './best-set.ts';
export * from './candidate.ts';
export * from './combination.ts';
export * from './lines.ts';
export * from './price.ts';
