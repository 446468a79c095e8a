// What a thread of its own needs to work for callers: none of it brings Nest along.
export { Budget, ROW_COST } from './budget.ts';
export { badRequest, callerGone, notFound, ProblemError, type AboutProblem } from './problem.ts';
