// Counts the decisions of both worlds by class, and keeps those that differ.
import type { Reason, SimulationDifference, SimulationReason } from '@vouchers/contracts';
import { rfc3339 } from '../time/rfc3339.ts';
import type { RecordedEvent } from './question.ts';
import type { WouldBe } from './would.ts';

/** The most differences that are kept. */
export const MOST_DIFFERENCES = 100_000;

export type DifferenceClass = SimulationDifference['class'];

export const isDifferent = ({ reason }: RecordedEvent, would: WouldBe): boolean =>
  would.verdict === 'moot' || would.reason !== reason;

export class Tally {
  readonly classes: Record<DifferenceClass, number> = { exact: 0, consequent: 0, unobserved: 0, moot: 0 };
  readonly missing: Record<string, number> = {};
  unpriced = 0;
  /** Differences that are not kept. */
  more = 0;
  readonly #reasons = new Map<string, SimulationReason>();
  #kept = 0;
  #differences: SimulationDifference[] = [];

  /** @param alone what the new spec says on the state that history had; asked for only where the decision differs */
  count(event: RecordedEvent, would: WouldBe, alone: Reason | 'granted' | undefined): void {
    for (const name of [...would.needed, ...would.ranked]) this.missing[name] = (this.missing[name] ?? 0) + 1;
    const differs = isDifferent(event, would);
    const of = classOf(would, alone);
    if (differs || of === 'unobserved') this.classes[of] += 1;
    if (!differs) return;
    this.#countReason(event, would, of);
    this.#keep(event, would, of);
  }

  /** The differences since it was asked last. */
  drain(): SimulationDifference[] {
    const drained = this.#differences;
    this.#differences = [];
    return drained;
  }

  /** The most frequent first. */
  get reasons(): SimulationReason[] {
    return [...this.#reasons.values()].sort((a, b) => b.n - a.n || (key(a) < key(b) ? -1 : 1));
  }

  #countReason({ kind, reason }: RecordedEvent, would: WouldBe, of: DifferenceClass): void {
    const one = { class: of, kind: kind!, was: reason ?? 'granted', would: would.reason ?? would.verdict, n: 1 };
    const known = this.#reasons.get(key(one));
    if (known) known.n += 1;
    else this.#reasons.set(key(one), one);
  }

  #keep(event: RecordedEvent, { verdict, reason, checks }: WouldBe, of: DifferenceClass): void {
    if (this.#kept >= MOST_DIFFERENCES) {
      this.more += 1;
      return;
    }
    this.#kept += 1;
    const was = event.reason === undefined ? 'granted' : 'refused';
    this.#differences.push({
      submissionId: event.submissionId!,
      kind: event.kind!,
      ...(event.userId !== undefined && { userId: event.userId }),
      at: rfc3339(event.at),
      seq: event.seq,
      was: { verdict: was, ...(event.reason && { reason: event.reason }) },
      would: { verdict, ...(reason && { reason }) },
      class: of,
      checks,
    });
  }
}

function classOf(would: WouldBe, alone: Reason | 'granted' | undefined): DifferenceClass {
  if (would.verdict === 'moot') return 'moot';
  if (would.isUnobserved) return 'unobserved';
  return alone === (would.reason ?? 'granted') ? 'exact' : 'consequent';
}

const key = ({ class: of, kind, was, would }: SimulationReason): string => `${of} ${kind} ${was} ${would}`;
