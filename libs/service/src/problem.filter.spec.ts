import { describe, expect, it } from '@jest/globals';
import { problemOf } from './problem.filter.ts';

const coded = (code: string): Error => Object.assign(new Error('refused'), { code });

describe('an error of Postgres', () => {
  it.each(['08006', '25006', '25P03', '3D000', '40001', '42P01', '53100', '55P03', '57014', '58030', 'XX001', 'EPIPE'])(
    'that will pass is 503: %s',
    (code) => {
      expect(problemOf(coded(code)).status).toBe(503);
      expect(problemOf(Object.assign(new Error('by TypeORM'), { driverError: coded(code) })).status).toBe(503);
    },
  );

  it.each(['Query read timeout', 'Connection terminated unexpectedly', 'Client was closed and is not queryable'])(
    'that has only a message of pg is 503: %s',
    (message) => expect(problemOf(new Error(message)).status).toBe(503),
  );

  it.each(['22021', '23505', '42703', '54000', 'XX000'])('in a statement or its values is 500: %s', (code) => {
    expect(problemOf(coded(code)).status).toBe(500);
  });
});
