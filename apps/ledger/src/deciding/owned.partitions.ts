// The partitions that this process owns. Each has an owner and a relay.
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { FORGET_NOW_TYPE, type ForgetNow } from '@vouchers/contracts';
import { ForgettingStore, OutcomesRelay, type Cursor, type LogIdentity } from '@vouchers/event-store';
import {
  cloudEvent,
  endOffsets,
  Halt,
  Quarantine,
  publishInSpans,
  topicIdentity,
  type RecordBatch,
  type RecordPlace,
} from '@vouchers/messaging';
import { LOGGER, type Observation } from '@vouchers/service';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { SearchSurroundings } from '../forgetting/user.searches.ts';
import { KnowledgeBudget } from '../knowledge/knowledge.budget.ts';
import { UsersReader } from '../knowledge/users.reader.ts';
import { LedgerConnections } from '../ledger.connections.ts';
import { LedgerSettings } from '../ledger.settings.ts';
import {
  countBatch,
  cursorAge,
  dueLateness,
  knowledgeBytes,
  quarantined,
  relayFailures,
  relayLag,
} from './ledger.metrics.ts';
import { NotOwned, PartitionOwner } from './partition.owner.ts';
import { SetAsideRecords } from './set.aside.ts';
import { SignatureChecks } from './signature.check.ts';

interface Owned {
  owner: PartitionOwner;
  relay: OutcomesRelay;
  /** The time at which its cursor last moved or was read. */
  movedAt: number;
}

const IDENTITY_MS = 1_000;
const STALLED_MS = 30_000;

@Injectable()
export class OwnedPartitions implements OnApplicationShutdown {
  private readonly owned = new Map<number, Owned>();
  private readonly budget: KnowledgeBudget;
  private readonly users: UsersReader;
  private readonly quarantine: Quarantine;
  private readonly setAside: SetAsideRecords;
  private readonly signatures: SignatureChecks;
  private readonly searching: SearchSurroundings;
  /** The end offsets of the outcomes. Partitions that start together share one request. */
  private published?: Promise<bigint[]>;
  private log?: { at: number; found: Promise<LogIdentity> };

  constructor(
    private readonly settings: LedgerSettings,
    private readonly connections: LedgerConnections,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.budget = new KnowledgeBudget(settings.knowledgeBytes);
    this.users = new UsersReader(connections.context, this.budget, (error) =>
      logger.warn({ err: error }, 'the users of a voucher cannot be read, so each is looked up'),
    );
    knowledgeBytes.observe(() => [[{}, this.budget.bytes]]);
    this.quarantine = new Quarantine(connections.producer, settings.topics.quarantine);
    this.setAside = new SetAsideRecords(settings, connections);
    this.signatures = new SignatureChecks(settings.topics.submissions, connections);
    this.searching = {
      forgettings: new ForgettingStore(connections.store),
      pool: connections.historyPool,
      announce: (forgettingId, partition) => this.announce(forgettingId, partition),
      onError: (error) => logger.warn({ err: error }, 'the events of a user to forget are not found yet'),
    };
    relayLag.observe(() => this.tell(({ relay }) => relay.behind));
    dueLateness.observe(() =>
      this.tell(({ owner: { wakeAt } }) => Math.max(Date.now() - (wakeAt ?? Infinity), 0) / 1_000),
    );
  }

  /** Shows how long the cursors have not moved while records wait. `lag` gives the waiting records of a partition. */
  showCursors(lag: (partition: number) => number): void {
    cursorAge.observe(() =>
      this.tell(({ owner, movedAt }) => (lag(owner.partition) > 0 ? (Date.now() - movedAt) / 1_000 : 0)),
    );
  }

  /** Reads a partition's cursor, at which the consumer starts after each assignment and failure. */
  async startAt(partition: number): Promise<bigint> {
    const log = await this.identify();
    const { owner, relay } = this.owned.get(partition) ?? this.take(partition);
    await relay.start();
    const cursor = await owner.open(log);
    const outcomes = hasRead(cursor) ? 0n : await this.outcomesOf(partition);
    if (outcomes === 0n) return BigInt(cursor.nextOffset);
    // A partition that was never read has no outcomes. But an earlier owner may have published some since `open`.
    const now = await owner.open(log);
    if (!hasRead(now))
      throw new Halt(
        `partition ${partition} was never read, and has ${outcomes} outcomes: restore the ledger's database`,
      );
    return BigInt(now.nextOffset);
  }

  private async outcomesOf(partition: number): Promise<bigint> {
    const { outcomes } = this.settings.topics;
    this.published ??= endOffsets(this.connections.kafka, outcomes).finally(() => (this.published = undefined));
    return (await this.published)[partition]!;
  }

  async handle(batch: RecordBatch): Promise<void> {
    const owned = this.owned.get(batch.partition);
    if (!owned) throw new NotOwned(`partition ${batch.partition} is not owned`);
    await owned.owner.handle(batch);
  }

  /** Resolves if Postgres accepts a write. */
  probe(): Promise<void> {
    return this.setAside.probe();
  }

  /** Finds an operator's order to skip a stuck record. */
  async skip(place: RecordPlace): Promise<string | undefined> {
    return this.setAside.skip(place, await this.identify());
  }

  /** Stops owners and relays of partitions that were lost in a rebalance. Another process owns them now. */
  async lose(partitions: readonly number[]): Promise<void> {
    await Promise.all(
      partitions.map(async (partition) => {
        const owned = this.owned.get(partition);
        this.owned.delete(partition);
        await owned?.owner.forget();
        await owned?.relay.stop();
      }),
    );
  }

  /** @throws Error if decided events have not been published for 30 s, because requests wait for them */
  checkPublishing(): void {
    const stalled = [...this.owned].filter(([, { relay }]) => relay.stalledMs > STALLED_MS);
    if (stalled.length === 0) return;
    const partitions = stalled.map(([partition]) => partition).join(', ');
    throw new Error(`decided events are not published for ${STALLED_MS / 1_000} s: partitions ${partitions}`);
  }

  owners(): Iterable<PartitionOwner> {
    return this.owned.values().map(({ owner }) => owner);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.owned.values()].map(({ owner }) => owner.settled()));
    await this.lose([...this.owned.keys()]);
    await this.connections.close();
  }

  private take(partition: number): Owned {
    const { connections, settings, logger } = this;
    const { store, context, outcomes } = connections;
    const { topics } = settings;
    const relay = new OutcomesRelay(partition, store, connections.events, {
      publish: (stored) => {
        const traceparents = stored.map(({ traceparent }) => traceparent);
        return publishInSpans(topics.outcomes, traceparents, () => outcomes.publish(stored));
      },
      onError: (error) => {
        relayFailures.inc();
        logger.warn({ partition }, `outcomes are not published: ${error.message}`);
      },
    });
    const owner = new PartitionOwner(partition, {
      store,
      reader: context,
      events: connections.events,
      relay,
      users: this.users,
      budget: this.budget,
      partitions: settings.partitions,
      clock: Date.now,
      searching: this.searching,
      quarantined: (cursor, log) => this.setAside.from(cursor, partition, log),
      signatures: (log) => this.signatures.of(partition, log),
      quarantine: async (record, why, silent) => {
        const log = await this.identify();
        await this.quarantine.put(
          record,
          { topic: topics.submissions, partition, offset: record.offset, log },
          why,
          silent,
        );
        quarantined.inc();
        logger.warn({ partition, offset: String(record.offset) }, `quarantined: ${why}`);
      },
      written: (batch, commitMs, repeats) => {
        owned.movedAt = Date.now();
        countBatch(batch, commitMs, repeats);
      },
    });
    const owned = { owner, relay, movedAt: Date.now() };
    this.owned.set(partition, owned);
    return owned;
  }

  /** Appends the record at whose place the partition forgets the user. */
  private async announce(forgettingId: string, partition: number): Promise<void> {
    const record: ForgetNow = { forgettingId, at: new Date().toISOString() };
    const headers = cloudEvent({
      id: randomUUID(),
      type: FORGET_NOW_TYPE,
      source: '/ledger',
      time: record.at,
      subject: String(partition),
    });
    const { submissions: topic } = this.settings.topics;
    await this.connections.producer.send([{ topic, partition, key: '', value: JSON.stringify(record), headers }]);
  }

  private tell(valueOf: (owned: Owned) => number): Observation[] {
    return [...this.owned].map(([partition, owned]) => [{ partition }, valueOf(owned)]);
  }

  /** Reads the log's identity. Partitions that start together share one request. */
  private identify(): Promise<LogIdentity> {
    if (!this.log || Date.now() - this.log.at > IDENTITY_MS) {
      this.log = { at: Date.now(), found: this.identified() };
      this.log.found.catch(() => (this.log = undefined));
    }
    return this.log.found;
  }

  private async identified(): Promise<LogIdentity> {
    const topic = this.settings.topics.submissions;
    const { kafka } = this.connections;
    const [identity, ends] = await Promise.all([topicIdentity(kafka, topic), endOffsets(kafka, topic)]);
    if (ends.length !== this.settings.partitions)
      throw new Halt(`${topic} has ${ends.length} partitions, not ${this.settings.partitions}`);
    return identity;
  }
}

/** Whether records of the partition were read. Its log may be a new one: then it has events, and is read from 0 on. */
const hasRead = ({ nextOffset, nextSeq }: Cursor): boolean => nextOffset > 0 || nextSeq > 1;
