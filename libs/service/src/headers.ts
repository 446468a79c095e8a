import type { Facts } from '@vouchers/contracts';
import type { FastifyRequest } from 'fastify';
import { parseJson } from './json.ts';
import { badRequest } from './problem.ts';
import { parseTime } from './rfc-3339.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
const USER_ID = /^[\x21-\x7e]{1,255}$/;

const one = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

/** The caller speaks for another user. */
export const actingHeaders = (request: FastifyRequest): boolean =>
  request.headers['x-user-id'] !== undefined || request.headers['x-user-attrs'] !== undefined;

/** 400 for an Idempotency-Key that is none, on every route. */
export function checkHeaders(request: FastifyRequest): void {
  const key = one(request, 'idempotency-key');
  if (key !== undefined && key !== '' && !KEY.test(key))
    throw badRequest('Idempotency-Key must be 1 to 255 visible ASCII characters.');
}

/** Whom an acting caller names, and with which attributes. */
export function userHeaders(request: FastifyRequest): { userId?: string; attributes?: Facts } {
  const userId = one(request, 'x-user-id');
  if (userId !== undefined && !USER_ID.test(userId))
    throw badRequest('X-User-Id must be 1 to 255 visible ASCII characters.');
  const text = one(request, 'x-user-attrs');
  return { userId, attributes: text === undefined ? undefined : attributesOf(text) };
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

/** X-Occurred-At as a time. */
export function occurredAtHeader(request: FastifyRequest): Date | undefined {
  const text = one(request, 'x-occurred-at');
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (!time) throw badRequest('X-Occurred-At must be a time with an offset (RFC 3339).');
  return time;
}
