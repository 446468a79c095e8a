// Stands in for the ledger. The real domain decides the records of the submissions topic in memory, and the outcomes
// are published to their topic. It can be held, so that nothing is decided for a while.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  eventId,
  HEADERS,
  SUBMISSION_TYPES,
  type Definition,
  type EventRow,
  type EventType,
  type Submission,
} from '@vouchers/contracts';
import {
  cloudEvent,
  consumeBatches,
  type Consumption,
  type IncomingRecord,
  type Kafka,
  type OutgoingRecord,
  type Producer,
} from '@vouchers/messaging';
import {
  claimShown,
  decide,
  dueAt,
  encodeEvent,
  redemptionShown,
  settledTime,
  type ClaimRecord,
  type EntryRecord,
  type Knowledge,
  type RedemptionRecord,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';

interface Topics {
  submissions: string;
  outcomes: string;
}

export class LedgerStandIn {
  /** All outcomes by partition. The outcome with seq 1 is at index 0. */
  readonly rows = new Map<number, EventRow[]>();
  /** All submissions that were read, with repeats. */
  readonly read: Submission[] = [];
  /** The submissions as they lie in Kafka: headers and value of each, as text. */
  readonly records: string[] = [];
  /** The paths that were asked over HTTP. */
  readonly asked: string[] = [];
  private readonly vouchers = new Map<string, VoucherState>();
  private readonly claims = new Map<string, ClaimRecord>();
  private readonly redemptions = new Map<string, RedemptionRecord>();
  private readonly entries = new Map<string, EntryRecord>();
  private readonly pushed = new Set<string>();
  private readonly verdicts = new Map<string, EventRow>();
  private gate = Promise.resolve();
  private open = (): void => undefined;
  private consumption?: Consumption;
  private server?: Server;

  constructor(
    private readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly topics: Topics,
    private readonly groupId: string,
  ) {}

  /** @returns the address of its HTTP server */
  async start(): Promise<string> {
    this.consumption = await consumeBatches(
      this.kafka,
      { groupId: this.groupId, topics: [this.topics.submissions] },
      async ({ partition, records }) => {
        await this.gate;
        const published = records.flatMap((record) => this.decided(record, partition));
        if (published.length > 0 && !this.withhold)
          await this.producer.send(published.map((row) => this.recordOf(row)));
      },
    );
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? '/');
      const body = this.answer(new URL(request.url ?? '/', 'http://localhost'));
      response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** If true, new outcomes are kept but not published, so that the topic has a hole. */
  withhold = false;

  /** Decides nothing until `release` is called. */
  hold(): void {
    ({ promise: this.gate, resolve: this.open } = Promise.withResolvers<void>());
  }

  release(): void {
    this.open();
  }

  outcomesOf(voucherId: string, type: EventType): EventRow[] {
    return [...this.rows.values()].flat().filter((row) => row.voucherId === voucherId && row.type === type);
  }

  /** Publishes all outcomes again, as a relay does that has lost its position. */
  async publishAgain(partition: number): Promise<void> {
    await this.producer.send((this.rows.get(partition) ?? []).map((row) => this.recordOf(row)));
  }

  async stop(): Promise<void> {
    this.release();
    await this.consumption?.stop();
    const { server } = this;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  recordOf({ id, type, voucherId, partition, seq, submissionId, data }: EventRow): OutgoingRecord {
    return {
      topic: this.topics.outcomes,
      partition,
      key: voucherId,
      value: JSON.stringify(data),
      headers: cloudEvent({
        id,
        type,
        source: '/ledger',
        time: data.at,
        subject: voucherId,
        partition,
        sequence: seq,
        submissionId,
      }),
    };
  }

  private decided({ headers, value, timestamp }: IncomingRecord, partition: number): EventRow[] {
    const isSubmission = (Object.values(SUBMISSION_TYPES) as string[]).includes(headers[HEADERS.type]!);
    const input = JSON.parse(value!.toString('utf8')) as Submission | Definition;
    if (isSubmission) this.read.push(input as Submission);
    if (isSubmission) this.records.push(JSON.stringify(headers) + value!.toString('utf8'));
    const known = isSubmission && this.verdicts.get((input as Submission).submissionId);
    if (known) return [known];
    const before = this.vouchers.get(input.voucherId);
    const clock = before?.definition.spec.clock ?? 'wall';
    const decision = decide(
      before,
      this.knowledgeOf(input.voucherId),
      isSubmission
        ? { type: 'submission', at: settledTime(Date.parse(input.at), timestamp, clock), value: input as Submission }
        : { type: 'definition', at: timestamp, value: input as Definition },
    );
    if (decision.voucher) this.vouchers.set(input.voucherId, decision.voucher);
    return decision.events.map((event) => this.keep(event, partition, decision.voucher!.definition));
  }

  private knowledgeOf(voucherId: string): Knowledge {
    const claims = [...this.claims.values()].filter((claim) => claim.voucherId === voucherId);
    const entries = [...this.entries.values()].filter((entry) => entry.voucherId === voucherId);
    return {
      claim: (id) => this.claims.get(id) ?? null,
      redemption: (id) => this.redemptions.get(id) ?? null,
      user: (userId) => ({
        pushed: this.pushed.has(`${voucherId} ${userId}`),
        claims: claims.filter((claim) => claim.userId === userId && claim.state !== 'released').length,
      }),
      knowsUser: () => true,
      due: (time) => claims.filter((claim) => (dueAt(claim) ?? Infinity) <= time),
      live: () => claims.filter(({ state }) => state === 'held' || state === 'locked'),
      entryOf: (userId) => entries.find((entry) => entry.userId === userId && entry.endedAt === undefined) ?? null,
      waiting: () =>
        entries.filter(({ state }) => state === 'waiting').sort((a, b) => b.rank - a.rank || a.number - b.number),
      dueOffers: (time) => entries.filter(({ offer }) => offer !== undefined && offer.until <= time),
      offered: () => entries.filter(({ state }) => state === 'offered'),
      takenOff: () => 0,
    };
  }

  private keep(event: VoucherEvent, partition: number, { team, spec }: Definition): EventRow {
    const rows = this.rows.get(partition) ?? [];
    this.rows.set(partition, rows);
    const decidedAt = Date.now();
    const data = encodeEvent(event, { decidedAt, team, labels: spec.labels });
    const { type, voucherId, submissionId, claim, redemption, entry, userId } = event;
    const seq = rows.length + 1;
    const row = {
      id: eventId(decidedAt, partition, seq),
      type,
      voucherId,
      partition,
      seq,
      at: data.at,
      occurredAt: data.occurredAt,
      decidedAt: data.decidedAt,
      submissionId,
      data,
    };
    rows.push(row);
    if (submissionId) this.verdicts.set(submissionId, row);
    if (claim) this.claims.set(claim.claimId, claim);
    if (redemption) this.redemptions.set(redemption.redemptionId, redemption);
    if (entry) this.entries.set(entry.entryId, entry);
    if (type === 'voucher.pushed.v1') this.pushed.add(`${voucherId} ${userId}`);
    return row;
  }

  private answer({ pathname, searchParams }: URL): unknown {
    const [, , kind, id] = pathname.split('/');
    if (kind === 'vouchers') {
      const [after, limit] = ['after', 'limit'].map((name) => Number(searchParams.get(name)));
      const rows = [...this.rows.values()].flat().filter((row) => row.voucherId === id && row.seq > after!);
      return { items: rows.slice(0, limit), next: null };
    }
    if (kind === 'events') {
      const [partition, after, limit] = ['partition', 'after', 'limit'].map((name) => Number(searchParams.get(name)));
      return { items: (this.rows.get(partition!) ?? []).slice(after!, after! + limit!), next: null };
    }
    if (kind === 'claims') return this.claims.has(id!) && { claim: claimShown(this.claims.get(id!)!) };
    if (kind === 'redemptions')
      return this.redemptions.has(id!) && { redemption: redemptionShown(this.redemptions.get(id!)!) };
    const row = this.verdicts.get(id!);
    if (!row) return undefined;
    const { partition, seq, voucherId, data } = row;
    const claim = data.claim && this.claims.get(data.claim.id);
    return {
      submissionId: id,
      voucherId,
      verdict: data.reason ? 'refused' : 'granted',
      reason: data.reason,
      partition,
      seq,
      lastSeq: seq + (data.followedBy ?? 0),
      asker: data.asker,
      claim: claim && claimShown(claim),
    };
  }
}
