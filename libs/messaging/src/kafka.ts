// The one door to kafkajs: settings, sockets and log lines of every client pass here.
import { connect, type Socket } from 'node:net';
import kafkajs, { type Kafka as Client, type KafkaConfig, type LogEntry } from 'kafkajs';

/** What the platform logs with; pino fits. */
export interface Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

/** A Kafka cluster to talk to. No connection is made before something needs one. */
export interface Kafka {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: Logger;
  /** @internal A kafkajs client of its own. */
  client(overrides?: Partial<KafkaConfig>): Client;
}

export function connectKafka(options: { brokers: string[]; clientId: string; logger: Logger }): Kafka {
  const { brokers, clientId, logger } = options;
  return {
    brokers,
    clientId,
    logger,
    client: (overrides) =>
      new kafkajs.Kafka({
        brokers,
        clientId,
        connectionTimeout: 2_000,
        socketFactory: openSocket,
        retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
        logCreator: () => (entry) => writeLog(logger, entry),
        ...overrides,
      }),
  };
}

/** As kafkajs opens it, but without Nagle's algorithm: a request's last bytes do not wait for an ACK of the first. */
export function openSocket({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): Socket {
  return connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, onConnect);
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
