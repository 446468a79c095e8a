// What node rules did to vouchers comes back from the ledger. Flags only ever become true, so an event read twice,
// or by two owners of a partition at once, does no harm: the position needs no fence.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { EventType } from '@vouchers/contracts';
import {
  consumeBatches,
  Halt,
  handleInSpans,
  readCloudEvent,
  type Consumption,
  type RecordBatch,
} from '@vouchers/messaging';
import { Database, LOGGER, persistently, Readiness, showConsumption } from '@vouchers/service';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { ConfigSettings } from '../config.settings.ts';
import { KafkaConnection } from '../kafka.connection.ts';
import { OutcomePositionRow } from './position.entity.ts';

const ENABLED: EventType = 'voucher.enabled.v1';
const TERMINATED: EventType = 'voucher.terminated.v1';
/** Staff sees what a rule did so much later. */
const REST_MS = 250;
/** The position of events that say nothing here is kept so often: read again, they still say nothing. */
const KEPT_EACH_MS = 1_000;

/** How far a partition is followed. */
interface Place {
  nextOffset: bigint;
  /** undefined: the topic's first record is where it begins, older ones are no longer kept. */
  nextSeq: number | undefined;
  keptAt: number;
}

@Injectable()
export class OutcomesFollower implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly places = new Map<number, Place>();
  private consumption?: Consumption;

  constructor(
    @Inject(ConfigSettings) private readonly settings: ConfigSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    readiness: Readiness,
  ) {
    showConsumption('outcomes', () => this.consumption);
    readiness.add('outcomes', () => {
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
    await this.consumption?.stop();
  }

  private async run(): Promise<void> {
    await Promise.all([this.database.whenReady(), this.connection.whenReady()]);
    const start = (): Promise<Consumption> =>
      consumeBatches(
        this.connection.kafka,
        {
          groupId: this.settings.group(),
          topics: [this.settings.topics.outcomes],
          startAt: (_, partition) => this.begin(partition),
          outOfRange: 'earliest',
          restMs: REST_MS,
        },
        (batch) => handleInSpans('follow', batch, () => this.follow(batch)),
      );
    this.consumption = await persistently(start, { name: 'Kafka', logger: this.logger, signal: this.stopping.signal });
    if (this.stopping.signal.aborted) await this.consumption.stop();
  }

  private async begin(partition: number): Promise<bigint | undefined> {
    const row = await this.database.manager.findOneBy(OutcomePositionRow, { partition });
    const place = row ? { nextOffset: BigInt(row.nextOffset), nextSeq: Number(row.nextSeq) } : undefined;
    this.places.set(partition, { nextOffset: 0n, nextSeq: undefined, ...place, keptAt: 0 });
    return place?.nextOffset;
  }

  private async follow({ topic, partition, records }: RecordBatch): Promise<void> {
    const place = this.places.get(partition)!;
    let { nextSeq } = place;
    const enabled: string[] = [];
    const ended: string[] = [];
    for (const { headers, offset } of records) {
      const event = readCloudEvent(headers);
      if (!event || event.sequence === undefined)
        throw new Halt(`${topic}: record ${partition}:${offset} is no event of the ledger`);
      if (nextSeq !== undefined && event.sequence < nextSeq) continue;
      if (nextSeq !== undefined && event.sequence > nextSeq)
        throw new Halt(`${topic}: partition ${partition} lacks the events from ${nextSeq} to ${event.sequence - 1}`);
      nextSeq = event.sequence + 1;
      if (event.type === ENABLED) enabled.push(event.subject);
      if (event.type === TERMINATED) ended.push(event.subject);
    }
    const next = { nextOffset: records.at(-1)!.offset + 1n, nextSeq, keptAt: Date.now() };
    const isToKeep = enabled.length + ended.length > 0 || next.keptAt >= place.keptAt + KEPT_EACH_MS;
    if (isToKeep) await this.keep(enabled, ended, { partition, ...next });
    this.places.set(partition, isToKeep ? next : { ...next, keptAt: place.keptAt });
  }

  private keep(enabled: string[], ended: string[], { partition, nextOffset, nextSeq }: Place & { partition: number }) {
    const position = { partition, nextOffset: String(nextOffset), nextSeq: String(nextSeq ?? 0) };
    return this.database.manager.transaction((manager) => write(manager, enabled, ended, position));
  }
}

async function write(
  manager: EntityManager,
  enabled: string[],
  ended: string[],
  position: OutcomePositionRow,
): Promise<void> {
  if (enabled.length > 0)
    await manager.query('UPDATE vouchers SET enabled = true WHERE id = ANY($1) AND NOT enabled', [enabled]);
  if (ended.length > 0)
    await manager.query('UPDATE vouchers SET ended = true WHERE id = ANY($1) AND NOT ended', [ended]);
  await manager.upsert(OutcomePositionRow, position, ['partition']);
}
