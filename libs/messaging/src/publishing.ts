// The part of this library for threads that only publish. It does not import Nest.
export { cloudEvent } from './cloud-event.ts';
export { connectKafka, type Kafka, type Logger } from './kafka.ts';
export { Producer, type ProducerOptions } from './record.producer.ts';
export type { OutgoingRecord } from './record.ts';
