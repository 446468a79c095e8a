import { Controller, Headers, Param, Req, Sse, type MessageEvent } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { Counters } from '@vouchers/contracts';
import { COUNTERS } from '@vouchers/contracts/schemas';
import { AtOnce, CurrentCaller, notFound, Refuses, Scopes, Streams, Tenancy, type Caller } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { LedgerSettings } from '../ledger.settings.ts';
import { CountersFeed } from './counters.feed.ts';
import { CountersReader } from './counters.reader.ts';

/** Clients treat a stream as broken after ten silent seconds. */
const HEARTBEAT_MS = 4_000;
/** At most four a second: what changes sooner is shown with the next look. */
const APART_MS = 250;

/**
 * A client that leaves more than this unread is dropped: about a hundred changes, or hours of heartbeats. Characters.
 */
const MOST_UNREAD = 65_536;

@Controller('v1/vouchers/:id/counters/stream')
export class StreamController {
  private readonly open: AtOnce;

  constructor(
    private readonly feed: CountersFeed,
    private readonly counters: CountersReader,
    private readonly tenancy: Tenancy,
    { streamsPerCaller, streamsAtOnce }: LedgerSettings,
  ) {
    this.open = new AtOnce(
      { each: streamsPerCaller, all: streamsAtOnce },
      {
        detail: `At most ${streamsPerCaller} streams of one caller and ${streamsAtOnce} of all (STREAMS_PER_CALLER, STREAMS_AT_ONCE).`,
        retryAfterSeconds: 5,
      },
    );
  }

  @Sse('', { maxPendingDataLength: MOST_UNREAD })
  @Scopes('ledger:read')
  @ApiOperation({
    summary:
      'The counters at once (unless `Last-Event-ID` names them) and on each change, at most four times a second, until the token runs out or must be verified again, after 10 minutes at most',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string', pattern: '^\\d+:\\d+$' } })
  @Streams(COUNTERS)
  @Refuses([404])
  async streamCounters(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Req() { raw: { socket } }: FastifyRequest,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<Observable<MessageEvent>> {
    const { key, goodUntil } = caller;
    const [now] = await this.counters.now([id], this.tenancy.seenBy(caller));
    if (!now) throw notFound();
    const leave = this.open.enter(key);
    // The client may have gone before anybody subscribed; then only the connection tells so.
    if (socket.destroyed) leave();
    socket.once('close', leave);
    return new Observable<MessageEvent>((subscriber) => {
      let last = lastEventId;
      // A refused push is no event: it changes the counters, but not the id.
      let pushes = lastEventId === undefined ? undefined : pushesOf(now);
      let shownAt = -Infinity;
      const show = (counters: Counters): void => {
        const event = messageOf(counters);
        const changed = event.id !== last || pushesOf(counters) !== pushes;
        if (!changed || performance.now() - shownAt < APART_MS) return;
        last = event.id!;
        pushes = pushesOf(counters);
        shownAt = performance.now();
        subscriber.next(event);
      };
      show(now);
      const unfollow = this.feed.follow(now.voucherId, show);
      // It has the id of the last change. Otherwise Nest would number it, and a client that comes back with that number
      // would get all counters again.
      const heart = setInterval(() => subscriber.next({ type: 'heartbeat', id: last!, data: '' }), HEARTBEAT_MS);
      const end = setTimeout(() => subscriber.complete(), goodUntil - Date.now());
      return () => {
        clearInterval(heart);
        clearTimeout(end);
        unfollow();
        leave();
        socket.off('close', leave);
      };
    });
  }
}

const pushesOf = ({ refused }: Counters): string => JSON.stringify(refused.push ?? {});

function messageOf(counters: Counters): MessageEvent {
  return { id: `${counters.asOf.partition}:${counters.asOf.seq}`, data: counters };
}
