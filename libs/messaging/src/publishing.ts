// What a thread that only publishes needs: none of it brings Nest along.
export { cloudEvent } from './cloud-event.ts';
export { connectKafka, type Kafka, type Logger } from './kafka.ts';
export { Producer, type ProducerOptions } from './record.producer.ts';
export type { OutgoingRecord } from './record.ts';
