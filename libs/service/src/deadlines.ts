// Limits the time that a connection may take to send its request (headers and body) and to fetch a large answer.
import type { FastifyInstance } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ServiceSettings } from './settings.ts';

const HEADERS_MS = 15_000;
/** The longest pause between two checks of the connections. */
const LOOK_EVERY_MS = 5_000;
/** A smaller answer fits into the socket's buffers. Unit: bytes, or characters of a text. */
const LARGE = 65_536;

/** Options of the server. Node closes late connections, with 408 if nothing was answered yet. */
export function requestDeadlines({ requestTimeoutMs }: Pick<ServiceSettings, 'requestTimeoutMs'>): {
  requestTimeout: number;
  http: object;
  clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => void;
} {
  return {
    requestTimeout: requestTimeoutMs,
    http: {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(requestTimeoutMs, HEADERS_MS),
      connectionsCheckingInterval: Math.min(requestTimeoutMs, LOOK_EVERY_MS),
    },
    clientErrorHandler: answerBroken,
  };
}

const STATUSES: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** Answers input that did not become a request because it is late, too large or no HTTP. */
function answerBroken({ code = '' }: { code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const status = STATUSES[code] ?? 400;
  const title = STATUS_CODES[status]!;
  const body = JSON.stringify({ type: 'about:blank', title, status });
  const lines = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write([...lines, '', body].join('\r\n'));
  socket.destroySoon();
}

/** Closes a connection that does not fetch a large answer in time, because the answer waits in memory. */
export function limitFetching(
  fastify: FastifyInstance,
  { requestTimeoutMs }: Pick<ServiceSettings, 'requestTimeoutMs'>,
): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const size = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;
    if (size > LARGE) {
      const late = setTimeout(() => reply.raw.destroy(), requestTimeoutMs).unref();
      reply.raw.once('close', () => clearTimeout(late));
    }
    done();
  });
}
