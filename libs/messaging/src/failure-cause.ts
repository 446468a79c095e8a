// Tells why a batch fails: by the infrastructure around the consumer, so that any record fails until it recovers, or
// perhaps by a record.

/** `record`: a record may be the cause. Only the lane can tell, by delivering the record alone. */
export type FailureCause = 'infrastructure' | 'record';

/**
 * SQLSTATE classes: connection, transaction state, rollback, resources, not in that state, operator, system error; and
 * login, database, schema, tables and grants (28, 3D, 3F, 42), which are the same for every record.
 */
const INFRASTRUCTURE_STATES = /^(?:08|25|28|3D|3F|40|42|53|55|57|58)...$|^XX00[12]$/;
/** Node's codes of broken connections, failed name look-ups and a full disk. `EPIPE` looks like an SQLSTATE. */
const SYSTEM_ERROR = /^(?:E[A-Z_]{3,}|UND_ERR_[A-Z_]+|ABORT_ERR)$/;
/** Messages of pg, which gives these errors no code. */
const LOST_CONNECTION =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (?:has encountered a connection error|was closed)|Cannot use a pool after calling end|Called end on pool)/;
const INFRASTRUCTURE_NAMES = new Set(['NotSent', 'AckUnknown', 'AbortError', 'TimeoutError']);
/** Kafka's error types that concern a record. */
const RECORD_TYPES = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);
const MAX_CAUSES = 5;
type ErrorField = 'failureCause' | 'code' | 'type' | 'status';

/** The error's property `failureCause`, if it has one. Otherwise its kind decides, or the kind of its cause. */
export function failureCauseOf(error: unknown): FailureCause {
  for (let cause = error, depth = 0; cause instanceof Error && depth < MAX_CAUSES; depth += 1) {
    const { failureCause, code, name, message, type, status } = cause as Error & Record<ErrorField, unknown>;
    if (failureCause === 'infrastructure' || failureCause === 'record') return failureCause;
    if (typeof code === 'string' && (SYSTEM_ERROR.test(code) || INFRASTRUCTURE_STATES.test(code)))
      return 'infrastructure';
    if (INFRASTRUCTURE_NAMES.has(name) || LOST_CONNECTION.test(message)) return 'infrastructure';
    if (name.startsWith('KafkaJS')) return RECORD_TYPES.has(type as string) ? 'record' : 'infrastructure';
    if (typeof status === 'number' && (status >= 500 || status === 429)) return 'infrastructure';
    cause = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause.cause;
  }
  return 'record';
}
