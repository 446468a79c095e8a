// What node rules did to vouchers comes back from the ledger. Flags only ever become true, so an event read twice,
// or by two owners of a partition at once, does no harm: the position needs no fence.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { UUID } from '@vouchers/contracts';
import {
  consumeBatches,
  faultOf,
  Halt,
  handleInSpans,
  readCloudEvent,
  type Consumption,
  type IncomingRecord,
  type RecordBatch,
} from '@vouchers/messaging';
import {
  Database,
  LedgerApi,
  LOGGER,
  MOST_PARKED,
  ParkedVouchers,
  persistently,
  Readiness,
  reasonOf,
  showConsumption,
  skipOrders,
  unreadableRecord,
} from '@vouchers/service';
import type { Logger } from 'pino';
import { ConfigSettings } from '../config.settings.ts';
import { KafkaConnection } from '../kafka.connection.ts';
import { askOf, livesIn, saysSomething, writeLives, type LifeEvent, type Parking } from './life.writes.ts';
import { OutcomePositionRow } from './position.entity.ts';

/** Staff sees what a rule did so much later. */
const REST_MS = 250;
/** The position of events that say nothing here is kept so often: read again, they still say nothing. */
const KEPT_EACH_MS = 1_000;
/** Events per request to the ledger, if the topic lacks some. */
const ROWS_AT_ONCE = 200;

/** How far a partition is followed. */
interface Place {
  nextOffset: bigint;
  /** undefined: the topic's first record is where it begins, older ones are no longer kept. */
  nextSeq: number | undefined;
  keptAt: number;
}

/** The topic lacks events that the ledger does not have either, or a record names events that never existed. */
class NotInLedger extends Error {}

@Injectable()
export class OutcomesFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly places = new Map<number, Place>();
  private readonly ask = askOf(() => this.database.manager);
  private readonly parked: ParkedVouchers;
  private readonly ledger: LedgerApi | undefined;
  private consumption?: Consumption;

  constructor(
    @Inject(ConfigSettings) private readonly settings: ConfigSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    readiness: Readiness,
  ) {
    this.ledger = settings.clientSecret ? new LedgerApi(settings.ledgerAccess) : undefined;
    this.parked = new ParkedVouchers(this.ask, logger, readiness);
    showConsumption('outcomes', () => this.consumption);
    readiness.add('outcomes', () => {
      const [stuck] = this.consumption?.status().stuck ?? [];
      if (stuck) throw new Error(`record ${stuck.partition}:${stuck.offset} waits for an operator: ${stuck.reason}`);
      if (!this.consumption?.healthy()) throw new Error('the outcomes are not followed');
    });
  }

  onApplicationBootstrap(): void {
    this.run().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.logger.error(`outcomes: ${(error as Error).message}`);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the service stops'));
    this.parked.stop();
    await this.consumption?.stop();
  }

  private async run(): Promise<void> {
    await this.database.whenReady();
    this.parked.follow();
    await this.connection.whenReady();
    const start = (): Promise<Consumption> =>
      consumeBatches(
        this.connection.kafka,
        {
          groupId: this.settings.group(),
          topics: [this.settings.topics.outcomes],
          signal: this.stopping.signal,
          startAt: (_, partition) => this.begin(partition),
          outOfRange: 'earliest',
          restMs: REST_MS,
          probe: () => this.probe(),
          skip: skipOrders(this.ask),
        },
        (batch) => handleInSpans('follow', batch, () => (batch.aside ? this.setAside(batch) : this.follow(batch))),
      );
    this.consumption = await persistently(start, { name: 'Kafka', logger: this.logger, signal: this.stopping.signal });
  }

  private async begin(partition: number): Promise<bigint | undefined> {
    const row = await this.database.manager.findOneBy(OutcomePositionRow, { partition });
    // A stored 0 means that no readable record had come yet.
    const place = row && { nextOffset: BigInt(row.nextOffset), nextSeq: Number(row.nextSeq) || undefined };
    this.places.set(partition, { nextOffset: 0n, nextSeq: undefined, ...place, keptAt: 0 });
    return place?.nextOffset;
  }

  /** A write to the same table as the follower's own writes. */
  private async probe(): Promise<void> {
    await this.ask(
      'UPDATE outcome_positions SET partition = partition WHERE partition = (SELECT min(partition) FROM outcome_positions)',
    );
  }

  private async follow({ topic, partition, records }: RecordBatch): Promise<void> {
    const place = this.places.get(partition)!;
    let { nextSeq } = place;
    const events: LifeEvent[] = [];
    for (const record of records) {
      const event = eventIn(record, partition);
      if (!event)
        unreadableRecord(
          'outcomes',
          this.logger,
          { topic, partition, offset: record.offset },
          'no event of the ledger',
        );
      if (!event || (nextSeq !== undefined && event.seq < nextSeq)) continue;
      if (nextSeq !== undefined && event.seq > nextSeq) {
        await this.write(partition, events, place.nextOffset, nextSeq);
        await this.fill(partition, event.seq);
        events.length = 0;
      }
      events.push(event);
      nextSeq = event.seq + 1;
    }
    await this.write(partition, events, records.at(-1)!.offset + 1n, nextSeq);
  }

  /** The batch's one record fails alone, by its own fault. If the record names a voucher, that voucher is parked. */
  private async setAside({ topic, partition, records, aside }: RecordBatch): Promise<void> {
    const { offset } = records[0]!;
    const event = eventIn(records[0]!, partition);
    const { nextSeq } = this.places.get(partition)!;
    try {
      if (event && nextSeq !== undefined && event.seq > nextSeq) await this.fill(partition, event.seq);
      if (event && event.seq >= (nextSeq ?? 0)) await this.park(partition, event, offset + 1n, aside!.reason);
    } catch (error) {
      if (!(error instanceof NotInLedger)) throw error;
      unreadableRecord('outcomes', this.logger, { topic, partition, offset }, error.message);
    }
    await this.write(partition, [], offset + 1n, this.places.get(partition)!.nextSeq, true);
  }

  /** Reads the events that the topic lacks, up to that one, from the ledger. */
  private async fill(partition: number, until: number): Promise<void> {
    if (!this.ledger) {
      const { nextSeq } = this.places.get(partition)!;
      throw new Halt(
        `partition ${partition} lacks the events from ${nextSeq} to ${until - 1}, and without OIDC_CLIENT_SECRET the ledger cannot be asked for them`,
      );
    }
    for (;;) {
      const { nextSeq, nextOffset } = this.places.get(partition)!;
      if (nextSeq! >= until) return;
      const rows = await this.ledger.events(partition, nextSeq! - 1, Math.min(until - nextSeq!, ROWS_AT_ONCE));
      if (rows.length === 0 || rows.some(({ seq }, index) => seq !== nextSeq! + index))
        throw new NotInLedger(`events ${nextSeq} to ${until - 1} of partition ${partition} are missing everywhere`);
      for (const row of rows) await this.writeOrPark(partition, row, nextOffset);
    }
  }

  private async writeOrPark(partition: number, event: LifeEvent, nextOffset: bigint): Promise<void> {
    try {
      await this.write(partition, [event], nextOffset, event.seq + 1);
    } catch (error) {
      if (faultOf(error) === 'world') throw error;
      await this.park(partition, event, nextOffset, reasonOf(error));
    }
  }

  private async park(partition: number, event: LifeEvent, nextOffset: bigint, reason: string): Promise<void> {
    const { voucherId, seq } = event;
    const parking = { voucherId, partition, firstSeq: seq, reason: reasonOf(reason) };
    const isParked = saysSomething(livesIn([event]));
    if (isParked && this.parked.ids().length >= MOST_PARKED)
      throw new Halt(`${MOST_PARKED} vouchers are parked: that is no fault of theirs`);
    await this.write(partition, [], nextOffset, seq + 1, true, isParked ? parking : undefined);
    this.logger.error(parking, isParked ? 'voucher parked: it cannot be followed' : 'an event was passed over');
  }

  private async write(
    partition: number,
    events: LifeEvent[],
    nextOffset: bigint,
    nextSeq: number | undefined,
    isUrgent = false,
    parking?: Parking,
  ): Promise<void> {
    const { keptAt } = this.places.get(partition)!;
    const now = Date.now();
    const lives = livesIn(events);
    const isToKeep = isUrgent || saysSomething(lives) || now >= keptAt + KEPT_EACH_MS;
    const position = { partition, nextOffset: String(nextOffset), nextSeq: String(nextSeq ?? 0) };
    if (isToKeep) await writeLives(this.database.manager, lives, position, parking);
    this.places.set(partition, { nextOffset, nextSeq, keptAt: isToKeep ? now : keptAt });
  }
}

/** Undefined if the record is no event of the ledger in that partition. */
function eventIn({ headers }: IncomingRecord, partition: number): LifeEvent | undefined {
  const event = readCloudEvent(headers);
  if (!event?.sequence || event.partition !== partition || !UUID.test(event.subject)) return undefined;
  return { type: event.type, voucherId: event.subject, seq: event.sequence };
}
