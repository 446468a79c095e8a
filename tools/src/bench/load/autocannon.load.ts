import { LONGEST_ANSWER_SECONDS, type LoadOptions, type LoadResult } from './loaded.ts';

/** Load by autocannon, in this process. */
export async function autocannonLoad(load: LoadOptions): Promise<LoadResult> {
  const { default: autocannon } = await import('autocannon');
  let number = 0;
  const next = (): string => {
    number = load.cycle && number >= load.cycle ? 1 : number + 1;
    return String(number);
  };
  const { body, method } = load;
  const headers = body === undefined ? load.headers : { ...load.headers, 'content-type': 'application/json' };
  const result = await autocannon({
    url: new URL(load.url).origin,
    connections: load.connections,
    duration: load.seconds,
    timeout: LONGEST_ANSWER_SECONDS,
    requests: [
      {
        method,
        path: new URL(load.url).pathname,
        headers,
        body,
        setupRequest: (request) => {
          const each = next();
          const numbered = Object.entries(headers).map(
            ([name, value]) => [name, value.replaceAll('{n}', each)] as const,
          );
          return { ...request, headers: Object.fromEntries(numbered) };
        },
      },
    ],
  });
  return {
    requests: result['2xx'],
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.timeouts + result.non2xx,
  };
}
