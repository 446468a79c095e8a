// Publishes records. Concurrent sends share produce requests: while one request is at the broker, the records of the
// next one gather. Every send ends by its deadline.
import { AckUnknown, NotSent, TooLarge } from './failures.ts';
import type { Kafka, Logger } from './kafka.ts';
import { ProducerConnection } from './producer.connection.ts';
import type { OutgoingRecord } from './record.ts';

export interface ProducerOptions {
  /** Every send succeeds or fails within this time. Default 5,000. */
  deadlineMs?: number;
  /**
   * The most bytes per produce request; a larger record goes alone. Default 900,000: Kafka refuses batches above 1 MB.
   */
  maxRequestBytes?: number;
  /** The most records per produce request. Default 1,000. */
  maxRequestRecords?: number;
}

/** One call of `send`. Its records may be part of several requests. */
interface SendCall {
  /** The number of records that are not yet acknowledged. */
  left: number;
  /** Some of its records were written to a broker's socket. */
  written: boolean;
  done: boolean;
  timer: NodeJS.Timeout;
  resolve(): void;
  reject(error: NotSent | AckUnknown): void;
}

interface QueuedRecord {
  record: OutgoingRecord;
  bytes: number;
  sending: SendCall;
}

const RECONNECT_MS = { first: 200, longest: 2_000 };
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
/** No topic of the platform takes a larger record. It is refused here, before it makes a shared request fail. */
const MAX_RECORD_BYTES = 3_000_000;

/** An idempotent producer; all in-sync replicas acknowledge. It recovers by itself when the brokers return. */
export class Producer {
  readonly #kafka: Kafka;
  readonly #logger: Logger;
  readonly #deadlineMs: number;
  readonly #maxRequestBytes: number;
  readonly #maxRequestRecords: number;
  #waiting: QueuedRecord[] = [];
  #inFlight: QueuedRecord[] = [];
  #scheduled = false;
  #connection: ProducerConnection | undefined;
  #connecting = false;
  readonly #whenConnected = Promise.withResolvers<void>();
  #retryTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closing = false;
  #closed = false;
  #whenIdle: (() => void) | undefined;

  constructor(kafka: Kafka, options: ProducerOptions = {}) {
    this.#kafka = kafka;
    this.#logger = kafka.logger;
    this.#deadlineMs = options.deadlineMs ?? 5_000;
    this.#maxRequestBytes = options.maxRequestBytes ?? 900_000;
    this.#maxRequestRecords = options.maxRequestRecords ?? 1_000;
  }

  /** Resolves when it is connected for the first time. @throws NotSent after the deadline; it goes on trying */
  async connect(): Promise<void> {
    this.#connect();
    const deadline = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      deadline.reject(new NotSent(`no Kafka broker answers (${this.#kafka.brokers.join(', ')})`));
    }, this.#deadlineMs);
    await Promise.race([this.#whenConnected.promise, deadline.promise]).finally(() => clearTimeout(timer));
  }

  /** Waits for the sends under way, at most until their deadline, then closes. */
  async disconnect(): Promise<void> {
    this.#closing = true;
    if (this.#waiting.length + this.#inFlight.length > 0) {
      await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    }
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** True if it is connected and the last request was acknowledged. It becomes true again by itself. */
  healthy(): boolean {
    return this.#connection !== undefined && !this.#closing;
  }

  /**
   * Signs the records, and resolves when all are acknowledged. Each partition gets its records in the order of the calls. If a call
   * fails, the records that wait behind it in the same partitions fail too, so that none overtakes.
   * @throws NotSent, AckUnknown, TooLarge
   */
  send(records: OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    if (this.#closing) return Promise.reject(new NotSent('the producer is closed'));
    const { signatures } = this.#kafka;
    const signed = signatures ? records.map((record) => signatures.signed(record)) : records;
    const sized = signed.map((record) => ({ record, bytes: recordBytes(record) }));
    const tooLarge = sized.find(({ bytes }) => bytes > MAX_RECORD_BYTES);
    if (tooLarge) return Promise.reject(new TooLarge(`a record of ${tooLarge.bytes} bytes is too large`));
    return new Promise((resolve, reject) => {
      const sending: SendCall = {
        left: records.length,
        written: false,
        done: false,
        timer: setTimeout(() => this.#expire(sending), this.#deadlineMs),
        resolve,
        reject,
      };
      for (const { record, bytes } of sized) this.#waiting.push({ record, bytes, sending });
      this.#flushSoon();
    });
  }

  /** Sends after the present tick, so that calls of the same tick share a request. */
  #flushSoon(): void {
    if (this.#scheduled || this.#inFlight.length > 0 || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      // Without a connection the records wait until there is one or their deadline passes, so a broker may restart.
      if (this.#connection) void this.#flush(this.#connection);
      else this.#connect();
    });
  }

  async #flush(connection: ProducerConnection): Promise<void> {
    if (this.#inFlight.length > 0 || this.#waiting.length === 0) return;
    const request = (this.#inFlight = this.#nextRequest());
    try {
      await connection.produce(request.map(({ record }) => record));
      for (const { sending } of request) acknowledge(sending);
    } catch (error) {
      this.#abandon(connection, error);
      this.#failAll(request, connection.hasWritten, error);
    } finally {
      this.#inFlight = [];
      this.#flushSoon();
      this.#settleIdle();
    }
  }

  #nextRequest(): QueuedRecord[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count > 0 && (bytes > this.#maxRequestBytes || count >= this.#maxRequestRecords)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Fails the sends of a request, and the records that wait behind them in the same partitions. */
  #failAll(request: QueuedRecord[], written: boolean, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const partitions = new Set(request.map(({ record }) => partitionOf(record)));
    // Kafka does not say which of several records is too large, so callers may send each again alone.
    const tooLarge = request.length === 1 && isTooLarge(error);
    for (const { sending } of request) {
      sending.written ||= written && !tooLarge;
      fail(sending, reason, tooLarge ? TooLarge : undefined);
    }
    for (const { record, sending } of this.#waiting) if (partitions.has(partitionOf(record))) fail(sending, reason);
    this.#waiting = this.#waiting.filter(({ sending }) => !sending.done);
  }

  #expire(sending: SendCall): void {
    const inFlight = this.#inFlight.some((waiting) => waiting.sending === sending);
    sending.written ||= inFlight && (this.#connection?.hasWritten ?? true);
    fail(sending, `no acknowledgement within ${this.#deadlineMs} ms`);
    this.#waiting = this.#waiting.filter((waiting) => waiting.sending !== sending);
    // Trap: the idempotent producer retries for ever. So a request that nobody waits for any more is ended here.
    if (this.#inFlight.length > 0 && this.#inFlight.every((waiting) => waiting.sending.done)) {
      this.#connection?.close();
    }
    this.#settleIdle();
  }

  /**
   * Trap: after OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID or a request that may have arrived, the sequence
   * numbers of kafkajs never match the broker's again. So each failure leads to another connection with another
   * producer id.
   */
  #abandon(connection: ProducerConnection, error: unknown): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    connection.close();
    this.#logger.warn({ err: error }, 'Kafka did not accept a request, connecting again');
    this.#connect();
  }

  /** Tries until it is connected, also if nobody sends, so that `healthy` becomes true again by itself. */
  #connect(): void {
    if (this.#connection || this.#connecting || this.#closed) return;
    this.#connecting = true;
    clearTimeout(this.#retryTimer);
    const opened = ProducerConnection.open(this.#kafka, () => this.#lost()).finally(() => (this.#connecting = false));
    opened.then(
      (connection) => {
        if (this.#closed) return connection.close();
        if (this.#failures > 0) this.#logger.info({ attempts: this.#failures }, 'Kafka is back');
        this.#failures = 0;
        this.#connection = connection;
        this.#whenConnected.resolve();
        this.#flushSoon();
      },
      (error: unknown) => {
        if (this.#failures === 0) this.#logger.warn({ err: error }, 'Kafka is away');
        const waitMs = Math.min(RECONNECT_MS.first * 2 ** this.#failures, RECONNECT_MS.longest);
        this.#failures += 1;
        this.#retryTimer = setTimeout(() => this.#connect(), waitMs);
      },
    );
  }

  /** A broker closed an idle connection, because it stops or the connection was idle for too long. */
  #lost(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#connect();
  }

  #settleIdle(): void {
    if (this.#waiting.length + this.#inFlight.length === 0) this.#whenIdle?.();
  }
}

function acknowledge(sending: SendCall): void {
  sending.written = true;
  sending.left -= 1;
  if (sending.left > 0 || sending.done) return;
  sending.done = true;
  clearTimeout(sending.timer);
  sending.resolve();
}

function fail(
  sending: SendCall,
  reason: string,
  As: typeof NotSent | typeof AckUnknown = sending.written ? AckUnknown : NotSent,
): void {
  if (sending.done) return;
  sending.done = true;
  clearTimeout(sending.timer);
  sending.reject(new As(reason));
}

/** kafkajs may wrap the broker's error. */
function isTooLarge(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: { type?: string } };
  return TOO_LARGE.has(type ?? cause?.type ?? '');
}

const partitionOf = ({ topic, partition }: OutgoingRecord): string => `${topic}/${partition}`;

/** An upper estimate of the bytes that the record takes in a request. */
export function recordBytes({ key, value, headers }: OutgoingRecord): number {
  let bytes = 30 + lengthOf(key) + lengthOf(value);
  for (const name in headers) {
    const header = headers[name]!;
    for (const one of Array.isArray(header) ? header : [header]) bytes += name.length + lengthOf(one) + 6;
  }
  return bytes;
}

const lengthOf = (part: string | Buffer | null): number =>
  part === null ? 0 : typeof part === 'string' ? Buffer.byteLength(part) : part.length;
