// The one door to kafkajs: settings, sockets and log lines of every client pass here.
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import kafkajs, { type Kafka as Client, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import type { Sasl } from './sasl.ts';

/** What the platform logs with; pino fits. */
export interface Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

/** Who signs the brokers' certificates, and the client's own certificate and key. PEM. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A Kafka cluster to talk to. No connection is made before something needs one. */
export interface Kafka {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Absent: plain TCP. */
  readonly tls?: Tls;
  /** Absent: nobody in particular. */
  readonly sasl?: Sasl;
  readonly logger: Logger;
  /** @internal A kafkajs client of its own. */
  client(overrides?: Partial<KafkaConfig>): Client;
}

export function connectKafka(options: {
  brokers: string[];
  clientId: string;
  tls?: Tls;
  sasl?: Sasl;
  logger: Logger;
}): Kafka {
  const { brokers, clientId, tls, sasl, logger } = options;
  return {
    brokers,
    clientId,
    tls,
    sasl,
    logger,
    client: (overrides) =>
      new kafkajs.Kafka({
        brokers,
        clientId,
        ...(tls && { ssl: tls }),
        ...(sasl && { sasl: sasl as SASLOptions }),
        connectionTimeout: 2_000,
        socketFactory: openSocket,
        retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
        logCreator: () => (entry) => writeLog(logger, entry),
        ...overrides,
      }),
  };
}

/** As kafkajs opens it, but without Nagle's algorithm: a request's last bytes do not wait for an ACK of the first. */
export function openSocket(to: { host: string; port: number; ssl?: ConnectionOptions; onConnect: () => void }): Socket {
  const { host, port, ssl, onConnect } = to;
  if (!ssl) return connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, onConnect);
  const socket = connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect);
  return socket.setNoDelay(true).setKeepAlive(true, 60_000);
}

/**
 * kafkajs calls each lost connection and each rebalance an error or a warning, several times over. What matters of it
 * (a crash, a partition lost, a send that failed) is reported by this library; kafkajs's own lines are details.
 */
function writeLog(logger: Logger, { level, namespace, log }: LogEntry): void {
  const { message, timestamp: _, logger: __, ...fields } = log;
  const line = `kafkajs ${namespace}: ${message}`;
  if (level <= kafkajs.logLevel.ERROR && LOUD.test(message)) logger.error(fields, line);
  else logger.debug(fields, line);
}

const LOUD = /^Offset out of range/;
