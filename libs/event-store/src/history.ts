// What a thread that replays needs: none of it brings Nest or TypeORM along.
export { EventsReader, type ReplayedEvent, type EventRange } from './events.reader.ts';
export { connectHistory } from './session.ts';
export type { VoucherTimeline } from './voucher.timeline.ts';
