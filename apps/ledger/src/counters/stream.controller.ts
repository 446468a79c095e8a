import { Controller, Headers, Param, Sse, type MessageEvent } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { Counters } from '@vouchers/contracts';
import { COUNTERS } from '@vouchers/contracts/schemas';
import { notFound, Refuses, Scopes, Streams } from '@vouchers/service';
import { Observable } from 'rxjs';
import { CountersFeed } from './counters.feed.ts';
import { CountersReader } from './counters.reader.ts';

/** Who follows takes ten silent seconds for a broken stream. */
const HEARTBEAT_MS = 4_000;
/** At most four a second: what changes sooner is shown with the next look. */
const APART_MS = 250;

@Controller('v1/vouchers/:id/counters/stream')
export class StreamController {
  constructor(
    private readonly feed: CountersFeed,
    private readonly counters: CountersReader,
  ) {}

  @Sse()
  @Scopes('ledger:read')
  @ApiOperation({
    summary: 'The counters at once (unless `Last-Event-ID` names them) and on each change, at most four times a second',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string', pattern: '^\\d+:\\d+$' } })
  @Streams(COUNTERS)
  @Refuses([404])
  async stream(
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<Observable<MessageEvent>> {
    const [now] = await this.counters.now([id]);
    if (!now) throw notFound();
    return new Observable<MessageEvent>((subscriber) => {
      let last = lastEventId;
      // Pushes that are not granted are no events: they change the counters, and not the id.
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
      // With the id of the last change: else Nest would number it, and who comes back with that number is shown all anew.
      const heart = setInterval(() => subscriber.next({ type: 'heartbeat', id: last!, data: '' }), HEARTBEAT_MS);
      return () => {
        clearInterval(heart);
        unfollow();
      };
    });
  }
}

const pushesOf = ({ refused }: Counters): string => JSON.stringify(refused.push ?? {});

function messageOf(counters: Counters): MessageEvent {
  return { id: `${counters.asOf.partition}:${counters.asOf.seq}`, data: counters };
}
