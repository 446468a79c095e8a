// Decides where a partition starts: at its owner's cursor, if the log still has that offset.
import type { ConsumeOptions } from './consumption.ts';
import { Halt } from './failures.ts';
import type { Kafka } from './kafka.ts';
import { offsetRanges, type OffsetRange } from './topics.ts';

/** Partitions that start together share one request to Kafka. */
const GATHER_MS = 5;

/**
 * @returns a function that finds the first offset of a partition; it gives undefined if Kafka's committed offset
 * counts, and throws `Halt` if the log does not have the cursor's offset
 */
export function startingOffsets(
  kafka: Kafka,
  { startAt, outOfRange = 'halt', fromBeginning = true }: ConsumeOptions,
): (topic: string, partition: number) => Promise<bigint | undefined> {
  const asked = new Map<string, Promise<OffsetRange[]>>();

  /** The request is sent after all callers that share it have read their cursors, since the log may grow after that. */
  function rangesOf(topic: string): Promise<OffsetRange[]> {
    let ranges = asked.get(topic);
    if (!ranges) {
      ranges = new Promise<void>((resolve) => setTimeout(resolve, GATHER_MS)).then(async () => {
        asked.delete(topic);
        return (await offsetRanges(kafka, [topic])).get(topic)!;
      });
      asked.set(topic, ranges);
    }
    return ranges;
  }

  return async (topic, partition) => {
    const wanted = await startAt?.(topic, partition);
    if (wanted === undefined && (startAt || fromBeginning)) return undefined;
    const range = (await rangesOf(topic))[partition];
    if (!range) throw new Halt(`${topic} has no partition ${partition}`);
    if (wanted === undefined) return range.high;
    if (wanted >= range.low && wanted <= range.high) return wanted;
    if (wanted < range.low && outOfRange === 'earliest') {
      kafka.logger.warn({ topic, partition, wanted: String(wanted), low: String(range.low) }, 'records are gone');
      return range.low;
    }
    throw new Halt(outsideOf(wanted, range));
  };
}

export const outsideOf = (offset: bigint, { low, high }: OffsetRange): string =>
  `offset ${offset} is outside of the log [${low}, ${high}]: records are gone, or the topic is another one`;
