import { isParty, LONGEST_PARTY, TIME_WANTED, timeOf, type Facts } from '@vouchers/contracts';
import type { FastifyRequest } from 'fastify';
import { parseJson } from './json.ts';
import { badRequest } from './problem.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
const PLAIN_USER_ID = /^[\x21-\x7e]+$/;

const one = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** Whether the request names a user for whom the caller acts. */
export const actingHeaders = (request: FastifyRequest): boolean =>
  request.headers['x-user-id'] !== undefined || request.headers['x-user-attrs'] !== undefined;

/** Checks the Idempotency-Key on every route. @throws 400 if it is not valid */
export function checkHeaders(request: FastifyRequest): void {
  const key = one(request, 'idempotency-key');
  if (key !== undefined && key !== '' && !KEY.test(key))
    throw badRequest('Idempotency-Key must be 1 to 255 visible ASCII characters.');
}

/** The user and attributes that an acting caller names. */
export function userHeaders(request: FastifyRequest): { userId?: string; attributes?: Facts } {
  const userId = namedUser(request);
  if (userId !== undefined && !isParty(userId))
    throw badRequest(
      `X-User-Id must be 1 to ${LONGEST_PARTY} characters without control characters: visible ASCII, or a JSON string with others as \\uXXXX.`,
    );
  const text = one(request, 'x-user-attrs');
  return { userId, attributes: text === undefined ? undefined : attributesOf(text) };
}

/**
 * The user in X-User-Id, or undefined without the header. The header is visible ASCII, or a JSON string if it begins
 * with a quotation mark, so that it can name every `sub`. Null if it is neither.
 */
export function namedUser(request: FastifyRequest): unknown {
  const header = one(request, 'x-user-id');
  if (header === undefined) return undefined;
  if (header.startsWith('"')) return jsonOf(header) ?? null;
  return PLAIN_USER_ID.test(header) ? header : null;
}

/** The value of JSON in ASCII, or undefined if the header is something else. */
function jsonOf(header: string): unknown {
  if (!/^[\x20-\x7e]*$/.test(header)) return undefined;
  try {
    return JSON.parse(header) as unknown;
  } catch {
    return undefined;
  }
}

function attributesOf(text: string): Facts {
  if (!/^[\x20-\x7e]*$/.test(text)) throw badRequest('X-User-Attrs must be ASCII: write other characters as \\uXXXX.');
  let attributes: unknown;
  try {
    attributes = parseJson(Buffer.from(text));
  } catch {
    throw badRequest('X-User-Attrs must be a JSON object.');
  }
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
    throw badRequest('X-User-Attrs must be a JSON object.');
  return attributes as Facts;
}

/** The time in X-Occurred-At. */
export function occurredAtHeader(request: FastifyRequest): Date | undefined {
  const text = one(request, 'x-occurred-at');
  if (text === undefined) return undefined;
  const time = timeOf(text);
  if (time === undefined) throw badRequest(`X-Occurred-At ${TIME_WANTED}.`);
  return new Date(time);
}
