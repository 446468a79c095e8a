import { Controller, Headers, Param, Sse, type MessageEvent } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { Counters } from '@vouchers/contracts';
import { COUNTERS } from '@vouchers/contracts/schemas';
import { notFound, Refuses, Scopes, Streams } from '@vouchers/service';
import { interval, map, merge, Observable } from 'rxjs';
import { CountersFeed } from './counters.feed.ts';
import { CountersReader } from './counters.reader.ts';

/** Proxies close what is silent for a minute. */
const HEARTBEAT_MS = 15_000;

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
    const changes = new Observable<MessageEvent>((subscriber) => {
      let last = lastEventId;
      const show = (counters: Counters): void => {
        const event = messageOf(counters);
        if (event.id === last) return;
        last = event.id;
        subscriber.next(event);
      };
      show(now);
      return this.feed.follow(now.voucherId, show);
    });
    return merge(changes, interval(HEARTBEAT_MS).pipe(map(() => ({ type: 'heartbeat', data: '' }))));
  }
}

function messageOf(counters: Counters): MessageEvent {
  return { id: `${counters.asOf.partition}:${counters.asOf.seq}`, data: counters };
}
