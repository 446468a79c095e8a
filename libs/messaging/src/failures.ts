// What can go wrong on the way to or from Kafka, told apart by what a caller may do next.

/** Nothing was accepted, surely: asking again cannot make a duplicate. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** Kafka takes no record of this size, so another attempt is useless. */
export class TooLarge extends NotSent {
  readonly fault = 'record';
}

/** The deadline passed without Kafka's answer: it may have been accepted. Sending again may make a duplicate. */
export class AckUnknown extends Error {
  override readonly name = 'AckUnknown';
}

/**
 * Thrown by a handler (or `startAt`) to stop its partition for good: nothing more of it is delivered by this process,
 * the consumer's health is false, and a person must look. Other partitions go on.
 */
export class Halt extends Error {
  override readonly name = 'Halt';
}
