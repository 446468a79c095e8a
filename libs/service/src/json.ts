// JSON as callers may send it: UTF-8, not deep, and nothing in it that a database or an object cannot hold.
import { badRequest } from './problem.ts';

const MAX_DEPTH = 32;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Parses a body; 400 for bad UTF-8, bad or deep JSON, `__proto__`, NUL and lone surrogates. */
export function parseJson(body: Buffer): unknown {
  let text: string;
  try {
    text = strictUtf8.decode(body);
  } catch {
    throw badRequest('The body is not UTF-8.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('The body is not JSON.');
  }
  inspect(value);
  return value;
}

/** Walks without recursion: depth is the caller's choice until it is checked. */
function inspect(root: unknown): void {
  const open: { value: unknown; depth: number; pointer: () => string }[] = [
    { value: root, depth: 0, pointer: () => '' },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth, pointer } = next;
    if (typeof value === 'string') checkText(value, pointer);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) throw badRequest(`The body is deeper than ${MAX_DEPTH} levels.`);
    for (const key of Object.keys(value)) {
      const member = (value as Record<string, unknown>)[key];
      const at = (): string => `${pointer()}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (key === '__proto__' || (key === 'constructor' && isPoison(member)))
        throw badRequest([{ pointer: at(), message: 'is not a known field' }]);
      checkText(key, at);
      if (typeof member === 'string') checkText(member, at);
      else if (typeof member === 'object' && member !== null)
        open.push({ value: member, depth: depth + 1, pointer: at });
    }
  }
}

const isPoison = (member: unknown): boolean =>
  typeof member === 'object' && member !== null && Object.hasOwn(member, 'prototype');

/** Postgres stores no NUL; UTF-8 has no lone surrogates. */
function checkText(text: string, pointer: () => string): void {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw badRequest([{ pointer: pointer().toWellFormed(), message: 'must not have a NUL or half a surrogate pair' }]);
  }
}
