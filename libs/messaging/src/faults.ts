// Tells what is at fault when a batch fails: the world around the consumer (any record would fail, until it recovers),
// or perhaps a record.

/** `record`: a record may be at fault. Only the lane can tell, by delivering the record alone. */
export type Fault = 'world' | 'record';

/**
 * SQLSTATE classes: connection, transaction state, rollback, resources, not in that state, operator, system error; and
 * login, database, schema, tables and grants (28, 3D, 3F, 42), which are the same for every record.
 */
const WORLDLY_STATES = /^(?:08|25|28|3D|3F|40|42|53|55|57|58)...$|^XX00[12]$/;
/** Node's codes of broken connections, failed name look-ups and a full disk. `EPIPE` looks like an SQLSTATE. */
const SYSTEM_ERROR = /^(?:E[A-Z_]{3,}|UND_ERR_[A-Z_]+|ABORT_ERR)$/;
/** Messages of pg, which gives these errors no code. */
const LOST_CONNECTION =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (?:has encountered a connection error|was closed)|Cannot use a pool after calling end|Called end on pool)/;
const WORLDLY_NAMES = new Set(['NotSent', 'AckUnknown', 'AbortError', 'TimeoutError']);
/** Kafka's error types that concern a record. */
const RECORD_TYPES = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);
const MAX_CAUSES = 5;
type ErrorField = 'fault' | 'code' | 'type' | 'status';

/** The error's property `fault` decides, if it has one. Otherwise its kind decides, or the kind of its cause. */
export function faultOf(error: unknown): Fault {
  for (let cause = error, depth = 0; cause instanceof Error && depth < MAX_CAUSES; depth += 1) {
    const { fault, code, name, message, type, status } = cause as Error & Record<ErrorField, unknown>;
    if (fault === 'world' || fault === 'record') return fault;
    if (typeof code === 'string' && (SYSTEM_ERROR.test(code) || WORLDLY_STATES.test(code))) return 'world';
    if (WORLDLY_NAMES.has(name) || LOST_CONNECTION.test(message)) return 'world';
    if (name.startsWith('KafkaJS')) return RECORD_TYPES.has(type as string) ? 'record' : 'world';
    if (typeof status === 'number' && (status >= 500 || status === 429)) return 'world';
    cause = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause.cause;
  }
  return 'record';
}
