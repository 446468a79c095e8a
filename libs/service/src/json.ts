// Parses JSON of callers. It must be UTF-8, not too deep, and storable in a database and an object.
import { isUtf8 } from 'node:buffer';
import { fault, isStorable, type FaultCode } from '@vouchers/contracts';
import { badRequest, type ProblemError } from './problem.ts';

const MAX_DEPTH = 32;

/** Parses a body. @throws 400 for bad UTF-8, bad or deep JSON, `__proto__`, NUL and lone surrogates */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw badRequest('The body is not UTF-8.');
  const value = parsed(body.toString('utf8'));
  expectStorable(value);
  return value;
}

/** @throws 400 for a JSON value that is too deep or has `__proto__`, NUL or lone surrogates */
export function expectStorable(value: unknown): void {
  inspect(value, []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The body is not JSON.');
  }
}

/** Checks the value at `path`. The length of `path` limits the recursion. */
function inspect(value: unknown, path: (string | number)[]): void {
  if (typeof value === 'string') return inspectText(value, path);
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_DEPTH) throw badRequest(`The body is deeper than ${MAX_DEPTH} levels.`);
  const depth = path.length;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path[depth] = index;
      inspect(value[index], path);
    }
  } else {
    for (const [key, member] of Object.entries(value)) {
      path[depth] = key;
      if (key === '__proto__' || (key === 'constructor' && isPoison(member))) throw at(path, 'unknown');
      inspectText(key, path);
      inspect(member, path);
    }
  }
  path.length = depth;
}

const isPoison = (member: unknown): boolean =>
  typeof member === 'object' && member !== null && Object.hasOwn(member, 'prototype');

function inspectText(text: string, path: (string | number)[]): void {
  if (!isStorable(text)) throw at(path, 'not-storable');
}

function at(path: (string | number)[], code: FaultCode): ProblemError {
  const tokens = path.map((token) => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return badRequest([fault(tokens.join('').toWellFormed(), code)]);
}
