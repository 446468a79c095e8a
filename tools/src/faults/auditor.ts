// Watches the cursors during faults. Afterwards it compares all answers with Kafka and Postgres.
import { HEADERS, SERVICE_NAMES, type ServiceName, type TopicName } from '@vouchers/contracts';
import type { Services } from '../services/services.ts';
import { isSettled, type Account, type AuditedRequest } from './account.ts';
import {
  CURSORS,
  GARBAGE,
  ledgerSnapshot,
  readTopics,
  rowsOf,
  topicEnds,
  type CursorSeen,
  type Snapshot,
  type TopicRecord,
} from './evidence.ts';
import { violations, type Violation } from './invariants.ts';
import { runCommand, type CommandTarget } from './operator.ts';
import { comesTrue } from './patience.ts';
import type { Seeded } from './seed.ts';

const LOOK_MS = 200;
/** The number of settled requests that are repeated. */
const REPEATED = 40;

const sequenceOf = ({ headers }: TopicRecord): number => Number(headers[HEADERS.sequence]);

type Cursor = Snapshot['cursors'][number];

/** The parts of a stage that the auditor uses. */
export interface AuditTarget extends CommandTarget {
  readonly services: Pick<Services, 'settings' | 'ready'>;
  readonly account: Account;
  readonly random: Seeded;
  readonly topics: Readonly<Record<TopicName, string>>;
  readonly healsWithinMs: number;
  databaseUrl(service: ServiceName): string;
}

export class Auditor {
  readonly #stage: AuditTarget;
  #cursors = new Map<number, Cursor>();
  #regressions: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #remembered: readonly TopicRecord[] = [];
  #stopped = false;
  #restored = false;

  constructor(stage: AuditTarget) {
    this.#stage = stage;
    this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
  }

  /** Forgets the cursors that were seen, since Postgres was restored from a backup. */
  restored(): void {
    this.#cursors = new Map();
    this.#restored = true;
  }

  /** Audits after the fault has healed and the load has ended. @returns the violated invariants */
  async audit(): Promise<Violation[]> {
    const { account, brokers, topics, services, healsWithinMs } = this.#stage;
    const unready = await services.ready(healsWithinMs).then(
      () => [],
      (error: unknown) => [String(error).split('\n')[0]!],
    );
    const wanted = await this.settled();
    const unrepeated = await this.#repeat();
    const snapshot = await ledgerSnapshot(this.#stage.databaseUrl('ledger'));
    const seqs = new Map(snapshot.cursors.map(({ partition, seq }) => [partition, seq]));
    await this.#until(async () => {
      const read = await rowsOf<{ partition: number; seq: number }>(
        this.#stage.databaseUrl('page-delivery'),
        'SELECT partition, next_seq::float8 AS seq FROM positions',
      );
      return [...seqs].every(
        ([partition, seq]) => seq === 1 || read.some((one) => one.partition === partition && one.seq >= seq),
      );
    });
    const ends = await topicEnds(brokers, topics.submissions);
    const { submissions, outcomes, quarantine } = await readTopics(brokers, topics, [
      'submissions',
      'outcomes',
      'quarantine',
    ]);
    const cursors = wanted.map((end, partition): CursorSeen => {
      const { next = 0, seq = 1 } = snapshot.cursors.find((one) => one.partition === partition) ?? {};
      return { partition, next, seq, wanted: end, end: ends[partition]! };
    });
    const differences = await Promise.all(SERVICE_NAMES.map((service) => this.#rebuild(service)));
    return violations({
      ...snapshot,
      requests: account.requests,
      cursors,
      // Newer records belong to the next audit.
      submissions: submissions.filter(({ partition, offset }) => offset < cursors[partition]!.next),
      outcomes: this.#withRemembered(outcomes).filter(
        (one) => sequenceOf(one) < cursors[one.partition]!.seq && one.headers[GARBAGE] === undefined,
      ),
      quarantine,
      regressions: this.#regressions,
      restored: this.#restored,
      untrue: account.untrue,
      unready,
      unrepeated,
      configured: await rowsOf(this.#stage.databaseUrl('config'), 'SELECT id AS "voucherId", version FROM vouchers'),
      differences: differences.flat(),
    });
  }

  /** Waits until the ledger reaches the present ends of the submissions. @returns these ends */
  async settled(): Promise<number[]> {
    const { brokers, topics } = this.#stage;
    const wanted = await topicEnds(brokers, topics.submissions);
    // If this takes too long, the violations will show it.
    await this.#until(
      async () =>
        (await this.#present()).filter(({ partition, next }) => next >= wanted[partition]!).length === wanted.length,
    );
    return wanted;
  }

  /**
   * Keeps the present outcomes, because the topic will lose them. Waits until all decisions are published.
   * @returns the offset of each partition before which all are kept
   */
  async remember(): Promise<number[]> {
    const { brokers, topics } = this.#stage;
    let kept: number[] = [];
    await this.#until(async () => {
      const cursors = await this.#present();
      kept = await topicEnds(brokers, topics.outcomes);
      const { outcomes } = await readTopics(brokers, topics, ['outcomes']);
      this.#remembered = outcomes;
      return cursors.every(
        ({ partition, seq }) =>
          seq === 1 || outcomes.some((one) => one.partition === partition && sequenceOf(one) === seq - 1),
      );
    });
    return kept;
  }

  stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    return Promise.resolve();
  }

  #withRemembered(outcomes: readonly TopicRecord[]): TopicRecord[] {
    const place = ({ partition, offset }: TopicRecord): string => `${partition}:${offset}`;
    const known = new Set(this.#remembered.map(place));
    return [...this.#remembered, ...outcomes.filter((one) => !known.has(place(one)))];
  }

  /** Records each cursor that went back. That happens with two writers, or with one that lost track. */
  async #look(): Promise<void> {
    const seen = await this.#present().catch(() => []);
    for (const cursor of seen) {
      const { partition, next, seq } = cursor;
      const before = this.#cursors.get(partition);
      if (before && (next < before.next || seq < before.seq))
        this.#regressions.push(
          `the cursor of ${partition} went from ${before.next}/${before.seq} back to ${next}/${seq}`,
        );
      this.#cursors.set(partition, cursor);
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
  }

  #present(): Promise<Cursor[]> {
    return rowsOf<Cursor>(this.#stage.databaseUrl('ledger'), CURSORS);
  }

  /** For I9, repeats requests with their keys much later. @returns the requests that got no answer */
  async #repeat(): Promise<AuditedRequest[]> {
    const { account, random } = this.#stage;
    const settled = account.requests.filter(({ key, answers }) => key !== undefined && answers.some(isSettled));
    const some = new Set(Array.from({ length: Math.min(REPEATED, settled.length) }, () => random.oneOf(settled)));
    const answered = await Promise.all(
      [...some].map((request) => this.#until(async () => isSettled(await account.send(request)))),
    );
    return [...some].filter((_, index) => !answered[index]);
  }

  /** Runs the service's own rebuild, which prints one line per difference. */
  async #rebuild(service: ServiceName): Promise<string[]> {
    const { code, output } = await runCommand(this.#stage, service, 'rebuild');
    if (code === 0) return [];
    return [`${service}'s rows are not what the events say (${code ?? 'killed'}): ${output.slice(0, 2_000)}`];
  }

  #until(probe: () => Promise<boolean>): Promise<boolean> {
    return comesTrue(this.#stage.healsWithinMs, probe);
  }
}
