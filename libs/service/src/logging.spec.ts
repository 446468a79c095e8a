import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { createLogger } from './logging.ts';
import { knowRequests } from './request-context.ts';

/** A logger and the lines that it wrote. */
function recording(): { logger: ReturnType<typeof createLogger>; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { logger: createLogger({ service: 'ledger', logLevel: 'info' }, { write }), lines };
}

describe('the log', () => {
  it('has the cause of an error, but no personal data', () => {
    const { logger, lines } = recording();
    const cause = Object.assign(new Error('the cause'), { parameters: ['alice'] });
    const error = Object.assign(new Error('violates check constraint', { cause }), {
      code: '23514',
      detail: 'Failing row contains (alice, {"tier": "gold"})',
      query: 'INSERT …',
      parameters: ['alice'],
    });
    logger.warn({ partition: 3, err: error }, 'batch failed');
    expect(lines).toMatchObject([
      {
        service: 'ledger',
        partition: 3,
        msg: 'batch failed',
        err: { type: 'Error', message: 'violates check constraint', code: '23514', cause: { message: 'the cause' } },
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/alice|gold|INSERT/);
  });

  it('has the ids of the request in all code that the request runs, and none elsewhere', async () => {
    const { logger, lines } = recording();
    const server = fastify({ genReqId: () => 'request-1' });
    knowRequests(server);
    server.post('/', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      logger.info('within');
      return {};
    });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-00` };
    await server.inject({ method: 'POST', url: '/', headers, payload: { a: 1 } });
    await server.inject({ method: 'POST', url: '/', headers: { traceparent: 'none' }, payload: { a: 1 } });
    logger.info('elsewhere');
    await server.close();
    expect(lines.map(({ msg, requestId, traceId }) => [msg, requestId, traceId])).toEqual([
      ['within', 'request-1', traceId],
      ['within', 'request-1', undefined],
      ['elsewhere', undefined, undefined],
    ]);
  });
});
