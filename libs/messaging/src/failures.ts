// The errors of sending to and receiving from Kafka, one per reaction that a caller may choose.

/** Kafka certainly accepted nothing, so sending again cannot make a duplicate. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** Kafka takes no record of this size, so another attempt is useless. */
export class TooLarge extends NotSent {
  readonly failureCause = 'record';
}

/**
 * The deadline passed without Kafka's answer. Kafka may have accepted the records; sending again may make duplicates.
 */
export class AckUnknown extends Error {
  override readonly name = 'AckUnknown';
}

/**
 * A handler (or `startAt`) throws this to stop its partition for good: this process delivers no more of its records,
 * the consumer is not healthy, and an operator must act. Other partitions go on.
 */
export class Halt extends Error {
  override readonly name = 'Halt';
}
