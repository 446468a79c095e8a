// Types for the parts of autocannon that are used here. The package has none.
declare module 'autocannon' {
  export interface Request {
    method: string;
    path: string;
    headers: Readonly<Record<string, string>>;
    body?: string;
    setupRequest?: (request: Request) => Request;
  }
  export interface Options {
    url: string;
    connections: number;
    /** Unit: seconds. */
    duration: number;
    /** Unit: seconds. */
    timeout: number;
    requests: Request[];
  }
  export interface Result {
    '2xx': number;
    non2xx: number;
    errors: number;
    timeouts: number;
    /** Unit: seconds. */
    duration: number;
    /** Unit: milliseconds. */
    latency: { p50: number; p99: number };
  }
  export default function autocannon(options: Options): Promise<Result>;
}
