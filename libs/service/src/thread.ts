// The part of this library that a thread uses to work for callers. It does not import Nest, and has erasable syntax alone.
export { Budget, ROW_COST } from './budget.ts';
export { CompiledBody, recordCheck } from './compiled.body.ts';
export { parseJson } from './json.ts';
export { badRequest, callerGone, notFound, ProblemError, tooCostly, type AboutProblem } from './problem.ts';
export { say, serveThread, type Job } from './thread.work.ts';
