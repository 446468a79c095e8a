// Decorators with which a route declares its answers and queries for OpenAPI. openapi.ts adds what all routes share.
import { applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ID, maybe, PROBLEM, text, TIME, whole, type Schema } from '@vouchers/contracts/schemas';
import { STATUS_CODES } from 'node:http';
import { DEFAULT_LIMIT, MAX_LIMIT } from './paging.ts';
import { isMaybe, QueryCheck, type QueryParameters } from './query.ts';
import { declareRoute } from './route-declaration.ts';

const ANSWER_HEADERS = {
  'Event-Partitions': { description: 'The number of partitions', schema: whole(1) },
  ETag: { description: 'The version, as a strong validator', schema: { type: 'string', pattern: '^"\\d+"$' } },
  Link: {
    description: 'The next page (rel="next"), relative to the address of this one; absent at the end',
    required: false,
    schema: text(),
  },
  Location: { description: 'Where what was made is read', schema: { type: 'string', format: 'uri-reference' } },
  'Retry-After': { description: 'Seconds', schema: whole(0) },
  'Submission-Id': { description: 'The write became this submission', schema: ID },
  'Voucher-Position': {
    description:
      'partition:seq of the last event of the decision, or of each partition that the call changed; sent along, a read waits until it knows them',
    schema: { type: 'string', pattern: '^\\d+:\\d+(, \\d+:\\d+)*$' },
  },
  'WWW-Authenticate': { description: 'The scheme that is wanted', schema: text() },
} as const satisfies Record<string, { description: string; required?: false; schema: Schema }>;
type HeaderName = keyof typeof ANSWER_HEADERS;
/** With a question mark, not each answer has it. */
export type AnswerHeader = HeaderName | `${HeaderName}?`;

const headersOf = (names: readonly AnswerHeader[]): object =>
  names.length === 0 ? {} : { headers: Object.fromEntries(names.map(headerOf)) };

function headerOf(named: AnswerHeader): [string, object] {
  const name = named.replace('?', '') as HeaderName;
  return [name, { ...ANSWER_HEADERS[name], ...(name !== named && { required: false }) }];
}

/** Declares a successful status with its body and headers. */
export const Answers = (status: number, schema: Schema, ...headers: AnswerHeader[]): MethodDecorator =>
  ApiResponse({
    status,
    description: STATUS_CODES[status],
    ...headersOf(headers),
    content: { 'application/json': { schema } },
  });

/** Declares a list that is also given as lines of JSON, one per item. */
export const AnswersLines = (
  status: number,
  schema: Schema,
  item: Schema,
  ...headers: AnswerHeader[]
): MethodDecorator =>
  ApiResponse({
    status,
    description: STATUS_CODES[status],
    ...headersOf(headers),
    content: { 'application/json': { schema }, 'application/x-ndjson': { schema: item } },
  });

/** Declares that a successful answer has no body. */
export const AnswersNothing = (): MethodDecorator => ApiResponse({ status: 204, description: STATUS_CODES[204] });

/** Declares server-sent events. Each has data of this schema. */
export const Streams = (schema: Schema): MethodDecorator =>
  ApiResponse({ status: 200, description: 'Server-sent events', content: { 'text/event-stream': { schema } } });

/** The answer with an error status: problem details, with Retry-After on 429 and 503 and WWW-Authenticate on 401. */
export function problemResponse(status: number, headers: readonly AnswerHeader[] = []): object {
  const always: AnswerHeader[] =
    status === 401 ? ['WWW-Authenticate'] : status === 429 || status === 503 ? ['Retry-After'] : [];
  return {
    description: STATUS_CODES[status],
    ...headersOf([...always, ...headers]),
    content: { 'application/problem+json': { schema: PROBLEM } },
  };
}

/** Declares error statuses of this route besides those of all routes, with these headers. */
export const Refuses = (statuses: readonly number[], ...headers: AnswerHeader[]): MethodDecorator =>
  applyDecorators(...statuses.map((status) => ApiResponse({ status, ...problemResponse(status, headers) })));

/**
 * Declares query parameters, optional ones with `maybe(…)`. They are documented, and checked before the handler runs.
 */
export const Queries = (parameters: QueryParameters): MethodDecorator =>
  applyDecorators(
    declareRoute({ query: new QueryCheck(parameters) }),
    ...Object.entries(parameters).map(([name, parameter]) => {
      const required = !isMaybe(parameter);
      const { description, ...schema } = required ? parameter : parameter.schema;
      return ApiQuery({
        name,
        required,
        schema,
        ...(description !== undefined && { description: String(description) }),
      });
    }),
  );

/** The query parameters of every list. */
export const PAGING = {
  limit: maybe({ ...whole(1, MAX_LIMIT), default: DEFAULT_LIMIT }),
  after: maybe({ ...text(), description: '`next` of the page before' }),
};
/** The query parameter for a past time. */
export const AT = maybe({ ...TIME, description: 'as of this moment' });
