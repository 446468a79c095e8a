// Random histories of a voucher through the ledger on Postgres, and what the domain with all knowledge says must happen.
import type { Proof, Submission, VoucherSpec } from '@vouchers/contracts';
import {
  decide,
  dueAt,
  encodeEvent,
  isAhead,
  isRevocable,
  settledTime,
  SLICE,
  takenOffOf,
  type ClaimRecord,
  type EntryRecord,
  type Input,
  type Knowledge,
  type RedemptionRecord,
  type TakenOff,
  type VoucherEvent,
  type VoucherState,
} from '@vouchers/voucher';
import { Replaying } from '../src/history/replays.ts';
import { START, type TestPartition } from './partition.ts';
import { definitionOf } from './running-ledger.ts';

const RECORDS = 60;
const HOUR_MS = 3_600_000;

/** A whole number from 0 to below `below`. */
export type Random = (below: number) => number;

/** Everything about one voucher, in the simplest form. */
export class Expected implements Knowledge {
  voucher: VoucherState | undefined;
  readonly events: VoucherEvent[] = [];
  readonly claims = new Map<string, ClaimRecord>();
  readonly redemptions = new Map<string, RedemptionRecord>();
  readonly entries = new Map<string, EntryRecord>();

  take(input: Input): void {
    for (let more = true; more;) {
      const decision = decide(this.voucher, this, input);
      for (const event of decision.events) {
        const { claim, redemption, entry } = event;
        if (claim) this.claims.set(claim.claimId, claim);
        if (redemption) this.redemptions.set(redemption.redemptionId, redemption);
        if (entry) this.entries.set(entry.entryId, entry);
      }
      this.events.push(...decision.events);
      this.voucher = decision.voucher;
      more = decision.more;
    }
  }

  claim = (id: string): ClaimRecord | null => this.claims.get(id) ?? null;
  redemption = (id: string): RedemptionRecord | null => this.redemptions.get(id) ?? null;
  user = (userId: string) => {
    const theirs = [...this.claims.values()].filter((claim) => claim.userId === userId && claim.state !== 'released');
    return { pushed: false, claims: theirs.length };
  };
  knowsUser = (): boolean => true;
  due = (time: number): ClaimRecord[] =>
    [...this.claims.values()]
      .filter((claim) => (dueAt(claim) ?? Infinity) <= time)
      .sort((a, b) => dueAt(a)! - dueAt(b)! || (a.claimId < b.claimId ? -1 : 1))
      .slice(0, SLICE);
  live = (): ClaimRecord[] => this.inHand().filter(isRevocable).slice(0, SLICE);
  /** Held and locked claims by id. */
  inHand = (): ClaimRecord[] =>
    [...this.claims.values()]
      .filter(({ state }) => state === 'held' || state === 'locked')
      .sort((a, b) => (a.claimId < b.claimId ? -1 : 1));
  entryOf = (userId: string): EntryRecord | null =>
    [...this.entries.values()].find((entry) => entry.userId === userId && entry.endedAt === undefined) ?? null;
  waiting = (): EntryRecord[] => this.of('waiting').sort((a, b) => (isAhead(a, b) ? -1 : 1));
  dueOffers = (time: number): EntryRecord[] =>
    this.of('offered')
      .filter(({ offer }) => offer!.until <= time)
      .sort((a, b) => a.offer!.until - b.offer!.until || (a.entryId < b.entryId ? -1 : 1));
  offered = (): EntryRecord[] => this.of('offered').sort((a, b) => (a.entryId < b.entryId ? -1 : 1));

  takenOff = (asked: TakenOff): number => takenOffOf(this.waiting(), asked, (userId) => this.user(userId).claims);

  private of(state: EntryRecord['state']): EntryRecord[] {
    return [...this.entries.values()].filter((entry) => entry.state === state);
  }
}

/** The seed of a run. SEED=… repeats a run; without it, each run has another. */
export const SEED = Number(process.env['SEED'] ?? Date.now() % 0x1_0000_0000);

/** The numbers of one history. Every second history is the same in all runs, so that no test depends on chance. */
export const randomOfHistory = (history: number): Random => randomOf(history % 2 === 0 ? history : SEED + history);

/** mulberry32 (Tommy Ettinger, public domain). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

type Intent = 'published' | 'paused' | 'terminated';
type SpecOf = (random: Random) => Partial<VoucherSpec>;
type SubmissionFor = (random: Random, voucherId: string, expected: Expected) => Submission;
/** The comparable part of an event. */
interface Told {
  type: string;
  submissionId: string | null;
  data: object;
}

/** Plays a history of a new voucher. An owner handles at most 20 records, and then the next one begins anew. */
export async function play(
  partition: TestPartition,
  random: Random,
  specOf: SpecOf,
  submissionOf: SubmissionFor,
  intents: readonly Intent[] = ['paused', 'published'],
): Promise<{ voucherId: string; told: Told[]; wanted: Told[]; expected: Expected }> {
  partition.now = START;
  const from = partition.records.length;
  const expected = new Expected();
  const voucherId = partition.id();
  let version = 0;
  const define = (intent: Intent, spec = specOf(random)): void => {
    const value = { ...definitionOf(voucherId, spec, (version += 1)), intent };
    partition.append('voucher.definition.v1', voucherId, value);
    expected.take({ type: 'definition', at: partition.now, value });
  };
  define('published');
  for (let record = 0; record < RECORDS; record += 1) {
    partition.now += [0, 1, 60_000, 600_000, 1_800_000][random(5)]!;
    if (partition.now > START + 20 * HOUR_MS) break;
    const what = random(20);
    const intent = intents[what];
    if (intent !== undefined)
      define(intent, intent === 'published' ? undefined : (expected.voucher!.definition.spec as never));
    else if (what < intents.length + 2) {
      partition.tick();
      expected.take({ type: 'tick', at: settledTime(partition.now, partition.now, 'wall') });
    } else {
      const value = submissionOf(random, voucherId, expected);
      partition.submit(value);
      expected.take({ type: 'submission', at: partition.now, value });
    }
  }
  await handle(partition, from, random);
  const stored = (await partition.events()).filter((event) => event.voucherId === voucherId);
  const told = stored.map(({ type, submissionId, data }) => ({
    type,
    submissionId,
    data: { ...(JSON.parse(data.toString()) as object), decidedAt: undefined },
  }));
  const wanted = expected.events.map((event) => {
    const { team, spec } = event.definition ?? expected.voucher!.definition;
    const data = encodeEvent(event, { decidedAt: 0, team, labels: spec.labels });
    return {
      type: event.type,
      submissionId: event.submissionId ?? null,
      data: { ...(JSON.parse(JSON.stringify(data)) as object), decidedAt: undefined },
    };
  });
  return { voucherId, told, wanted, expected };
}

async function handle(partition: TestPartition, from: number, random: Random): Promise<void> {
  const { records } = partition;
  for (let at = from; at < records.length;) {
    const upTo = Math.min(records.length, at + 1 + random(20));
    const owner = await partition.owner();
    await owner.handle(partition.batch(records.slice(at, upTo)));
    await owner.settled();
    at = upTo;
  }
}

/** The full proof of a voucher. */
export async function proven(partition: TestPartition, voucherId: string): Promise<Proof> {
  const budget = { spend: () => undefined, pause: () => undefined };
  const replaying = new Replaying(partition.store.pools.readers, { partition: 0, voucherId }, budget as never);
  return (await replaying.answer({ kind: 'proof', partition: 0, voucherId, full: true })) as Proof;
}
