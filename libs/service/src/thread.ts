// The part of this library that a thread uses to work for callers. It does not import Nest.
export { Budget, ROW_COST } from './budget.ts';
export { badRequest, callerGone, notFound, ProblemError, type AboutProblem } from './problem.ts';
