import { expect, it } from '@jest/globals';
import { AckUnknown, NotSent, TooLarge } from './failures.ts';
import { failureCauseOf } from './failure-cause.ts';

const coded = (code: string): Error => Object.assign(new Error('no'), { code });
const named = (name: string, more = {}): Error => Object.assign(new Error('no'), { name, ...more });

it.each<[unknown, 'infrastructure' | 'record']>([
  ...['08006', '25006', '28P01', '40001', '40P01', '42501', '53100', '55P03', '57014', '57P01', '58030'].map(
    (code): [unknown, 'infrastructure'] => [coded(code), 'infrastructure'],
  ),
  [coded('XX001'), 'infrastructure'],
  [coded('XX002'), 'infrastructure'],
  [coded('XX000'), 'record'],
  ...['54000', '22021', '22P05', '23505', '23514', 'P0001'].map((code): [unknown, 'record'] => [coded(code), 'record']),
  ...['EPIPE', 'ECONNREFUSED', 'ENOTFOUND', 'ENOSPC', 'UND_ERR_SOCKET'].map((code): [unknown, 'infrastructure'] => [
    coded(code),
    'infrastructure',
  ]),
  [new Error('Connection terminated unexpectedly'), 'infrastructure'],
  [new Error('timeout exceeded when trying to connect'), 'infrastructure'],
  [new Error('Query read timeout'), 'infrastructure'],
  [new NotSent('no broker'), 'infrastructure'],
  [new AckUnknown('late'), 'infrastructure'],
  [new TooLarge('3 MB'), 'record'],
  [named('KafkaJSNumberOfRetriesExceeded'), 'infrastructure'],
  [named('KafkaJSProtocolError', { type: 'MESSAGE_TOO_LARGE' }), 'record'],
  [named('TimeoutError'), 'infrastructure'],
  [named('ServiceUnavailableException', { status: 503 }), 'infrastructure'],
  [named('BadRequestException', { status: 400 }), 'record'],
  [new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'infrastructure'],
  [new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) }), 'infrastructure'],
  [new TypeError('undefined is not a function'), 'record'],
  [new RangeError('too deep'), 'record'],
  [named('Fenced', { failureCause: 'infrastructure' }), 'infrastructure'],
  ['a text', 'record'],
  [undefined, 'record'],
])('%p has the cause %s', (error, cause) => expect(failureCauseOf(error)).toBe(cause));
