import { Counter } from 'prom-client';
import { metrics } from '../metrics.ts';

const unreadable = new Counter({
  name: 'unreadable_records_total',
  help: 'Records that a consumer passed over, because they cannot be read',
  labelNames: ['consumer'],
  registers: [metrics],
});

/** Counts a record that was passed over, and logs its offset and the reason, but not its content. */
export function unreadableRecord(
  consumer: string,
  logger: { error(about: object, message: string): void },
  { topic, partition, offset }: { topic: string; partition: number; offset: bigint },
  why: string,
): void {
  unreadable.inc({ consumer });
  logger.error(
    { consumer, topic, partition, offset: String(offset), why },
    'a record cannot be read: it is passed over',
  );
}
