// The part of this library that the replay thread uses. It imports neither Nest nor TypeORM.
export { EventsReader, type ReplayedEvent, type EventRange } from './events.reader.ts';
export { connectHistory } from './session.ts';
export type { VoucherTimeline } from './voucher.timeline.ts';
