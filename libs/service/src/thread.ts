// The part of this library that threads use. It does not import Nest and has only erasable syntax.
export { Budget, ROW_COST } from './budget.ts';
export { CompiledBody, recordCheck } from './compiled.body.ts';
export { parseJson } from './json.ts';
export { badRequest, callerGone, notFound, ProblemError, tooCostly, type AboutProblem } from './problem.ts';
export { say, serveThread, type Job } from './thread.work.ts';
export { isAmong } from './tenancy.ts';
