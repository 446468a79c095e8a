import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { TIME_END, type CounterValues } from '@vouchers/contracts';
import { COUNTERS_AT, itemsOf, maybe, TIME } from '@vouchers/contracts/schemas';
import { Answers, badRequest, CostlyWork, Queries, Refuses, Scopes, type Budget } from '@vouchers/service';
import { countersOf } from '@vouchers/voucher';
import type { FastifyRequest } from 'fastify';
import { Temporal } from 'temporal-polyfill';
import { VoucherHistory } from '../history/voucher.history.ts';
import { timeOf, type Query as QueryOf } from '../queries.ts';

const MAX_ITEMS = 1_000;
const ADVICE = 'Ask for a shorter time, or for fewer steps.';
const STEP = { type: 'string', format: 'duration', default: 'PT1H' };

type SeriesItem = CounterValues & { at: string };

@Controller('v1/vouchers/:id/counters/series')
export class SeriesController {
  constructor(
    private readonly history: VoucherHistory,
    private readonly costly: CostlyWork,
  ) {}

  @Get()
  @Scopes('ledger:read')
  @ApiOperation({
    summary:
      'The counters at `from` and each `step` after it, before `to`; nothing before the first event of the voucher',
  })
  @Queries({
    from: TIME,
    to: TIME,
    step: maybe({
      ...STEP,
      description: `at most ${MAX_ITEMS} items; calendar steps are those of the voucher\'s zone`,
    }),
  })
  @Answers(200, itemsOf(COUNTERS_AT))
  @Refuses([404, 422])
  async series(
    @Param('id') id: string,
    @Query() query: QueryOf,
    @Req() request: FastifyRequest,
  ): Promise<{ items: SeriesItem[] }> {
    const [from, to] = [timeOf(query, 'from')!, timeOf(query, 'to')!];
    if (to <= from) throw badRequest([{ pointer: '/to', message: 'must be a time after from' }]);
    const { definition } = await this.history.now(id);
    const times = timesOf(from, to, query['step'] ?? 'PT1H', definition.spec.windows.timeZone);
    return this.costly.run(request, ADVICE, async (budget) => ({ items: await this.at(id, times, budget) }));
  }

  /** The state at a time is that after its voucher's last event by then. */
  private async at(voucherId: string, times: readonly number[], budget: Budget): Promise<SeriesItem[]> {
    const seqs = await (await this.history.timeline(voucherId)).lastUntilEach(times);
    budget.expectCaller();
    const wanted = [...new Set(seqs.filter((seq) => seq !== undefined))].sort((a, b) => a - b);
    const counters = new Map<number, CounterValues>();
    for await (const state of this.history.statesAt(voucherId, wanted, budget))
      counters.set(state.head.seq, countersOf(state));
    return times.flatMap((time, index) => {
      const seq = seqs[index];
      return seq === undefined ? [] : [{ at: new Date(time).toISOString(), ...counters.get(seq)! }];
    });
  }
}

/** Calendar steps are those of the voucher's zone. */
function timesOf(from: Date, to: Date, step: string, timeZone: string): number[] {
  const fault = (message: string): Error => badRequest([{ pointer: '/step', message }]);
  let duration: Temporal.Duration;
  try {
    duration = Temporal.Duration.from(step);
  } catch {
    throw fault('must be an ISO 8601 duration');
  }
  if (duration.sign <= 0) throw fault('must be longer than nothing');
  const start = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(timeZone);
  if (endOf(start, duration) >= TIME_END) throw fault('must end before the year 10000');
  const times: number[] = [];
  for (let at = start, count = 1; at.epochMilliseconds < to.getTime(); count += 1) {
    if (times.length === MAX_ITEMS) throw fault(`gives more than ${MAX_ITEMS} items`);
    times.push(at.epochMilliseconds);
    at = start.add(multiplied(duration, count));
    if (at.epochMilliseconds <= times.at(-1)!) throw fault('is too short');
  }
  return times;
}

/** Unix milliseconds; past all time where Temporal knows no such moment. */
function endOf(start: Temporal.ZonedDateTime, duration: Temporal.Duration): number {
  try {
    return start.add(duration).epochMilliseconds;
  } catch {
    return Infinity;
  }
}

/** From the start each time: a month after 31 January, then two, never a month after 28 February. */
function multiplied(duration: Temporal.Duration, count: number): Temporal.Duration {
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds } = duration;
  const times = (value: number): number => value * count;
  return Temporal.Duration.from({
    years: times(years),
    months: times(months),
    weeks: times(weeks),
    days: times(days),
    hours: times(hours),
    minutes: times(minutes),
    seconds: times(seconds),
    milliseconds: times(milliseconds),
  });
}
