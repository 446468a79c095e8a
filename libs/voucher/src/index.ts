export * from './decision.ts';
export * from './state.ts';
