import { expect, it } from '@jest/globals';
import { AckUnknown, NotSent, TooLarge } from './failures.ts';
import { faultOf } from './faults.ts';

const coded = (code: string): Error => Object.assign(new Error('no'), { code });
const named = (name: string, more = {}): Error => Object.assign(new Error('no'), { name, ...more });

it.each<[unknown, 'world' | 'record']>([
  ...['08006', '25006', '28P01', '40001', '40P01', '42501', '53100', '55P03', '57014', '57P01', '58030'].map(
    (code): [unknown, 'world'] => [coded(code), 'world'],
  ),
  [coded('XX001'), 'world'],
  [coded('XX002'), 'world'],
  [coded('XX000'), 'record'],
  ...['54000', '22021', '22P05', '23505', '23514', 'P0001'].map((code): [unknown, 'record'] => [coded(code), 'record']),
  ...['EPIPE', 'ECONNREFUSED', 'ENOTFOUND', 'ENOSPC', 'UND_ERR_SOCKET'].map((code): [unknown, 'world'] => [
    coded(code),
    'world',
  ]),
  [new Error('Connection terminated unexpectedly'), 'world'],
  [new Error('timeout exceeded when trying to connect'), 'world'],
  [new Error('Query read timeout'), 'world'],
  [new NotSent('no broker'), 'world'],
  [new AckUnknown('late'), 'world'],
  [new TooLarge('3 MB'), 'record'],
  [named('KafkaJSNumberOfRetriesExceeded'), 'world'],
  [named('KafkaJSProtocolError', { type: 'MESSAGE_TOO_LARGE' }), 'record'],
  [named('TimeoutError'), 'world'],
  [named('ServiceUnavailableException', { status: 503 }), 'world'],
  [named('BadRequestException', { status: 400 }), 'record'],
  [new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }), 'world'],
  [new TypeError('fetch failed', { cause: new AggregateError([coded('ECONNREFUSED')]) }), 'world'],
  [new TypeError('undefined is not a function'), 'record'],
  [new RangeError('too deep'), 'record'],
  [named('Fenced', { fault: 'world' }), 'world'],
  ['a text', 'record'],
  [undefined, 'record'],
])('%p is the fault of: %s', (error, fault) => expect(faultOf(error)).toBe(fault));
