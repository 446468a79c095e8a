// Makes every kafkajs client: its settings, sockets and log lines are defined here.
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import kafkajs, { type Kafka as Client, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import type { Sasl } from './sasl.ts';
import { RecordSignatures, type SignatureSettings } from './signatures.ts';

/** The logger of this library; pino implements it. */
export interface Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

/** The authority that signs the brokers' certificates, and the client's own certificate and key. PEM. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A Kafka cluster, and how to connect to it. A connection is opened when it is first needed. */
export interface Kafka {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Absent: plain TCP. */
  readonly tls?: Tls;
  /** Absent: no authentication. */
  readonly sasl?: Sasl;
  /** Absent: records are neither signed nor checked. */
  readonly signatures?: RecordSignatures;
  readonly logger: Logger;
  /** @internal Makes a new kafkajs client. */
  client(overrides?: Partial<KafkaConfig>): Client;
}

export function connectKafka(options: {
  brokers: string[];
  clientId: string;
  tls?: Tls;
  sasl?: Sasl;
  signatures?: SignatureSettings;
  logger: Logger;
}): Kafka {
  const { brokers, clientId, tls, sasl, signatures, logger } = options;
  return {
    brokers,
    clientId,
    tls,
    sasl,
    ...(signatures && { signatures: new RecordSignatures(signatures) }),
    logger,
    client: (overrides) =>
      new kafkajs.Kafka({
        brokers,
        clientId,
        // Copies, since kafkajs adds functions to them, and then no thread could be given these settings.
        ...(tls && { ssl: { ...tls } }),
        ...(sasl && { sasl: { ...sasl } as SASLOptions }),
        connectionTimeout: 2_000,
        socketFactory: openSocket,
        retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
        logCreator: () => (entry) => writeLog(logger, entry),
        ...overrides,
      }),
  };
}

/** Like kafkajs, but without Nagle's algorithm: a request's last bytes do not wait for an ACK of the first ones. */
export function openSocket(to: { host: string; port: number; ssl?: ConnectionOptions; onConnect: () => void }): Socket {
  const { host, port, ssl, onConnect } = to;
  if (!ssl) return connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, onConnect);
  const socket = connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect);
  return socket.setNoDelay(true).setKeepAlive(true, 60_000);
}

/**
 * kafkajs logs each lost connection and each rebalance several times as an error or a warning. This library reports the
 * events that matter (crashes, lost partitions, failed sends) itself, so kafkajs's own lines are logged at `debug`.
 */
function writeLog(logger: Logger, { level, namespace, log }: LogEntry): void {
  const { message, timestamp: _, logger: __, ...fields } = log;
  const line = `kafkajs ${namespace}: ${message}`;
  if (level <= kafkajs.logLevel.ERROR && LOUD.test(message)) logger.error(fields, line);
  else logger.debug(fields, line);
}

const LOUD = /^Offset out of range/;
