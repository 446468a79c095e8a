// A definition's spec made ready for decisions, once per version: times as numbers, hours and conditions parsed.
import type { VoucherSpec } from '@vouchers/contracts';
import { type Condition, conditionOf } from './conditions/condition.ts';
import { storedSpec } from './stored.ts';
import { plus, type Span, spanOf } from './time/duration.ts';
import { type OpeningHours, openingHours } from './time/hours.ts';
import { type Zone, zoneOf } from './time/zone.ts';

/** Half-open; Unix milliseconds. */
export interface Window {
  from: number;
  to: number;
  hours?: OpeningHours;
}

export interface Terms {
  zone: Zone;
  valid: Window;
  claim: Window;
  /** Fixed when a claim is granted: a range, or lengths of time from there. */
  use: { from: number; to: number } | { delay: Span; length: Span };
  useHours?: OpeningHours;
  conditions: { enable: Condition; claim: Condition; use: Condition; terminate: Condition };
  /**
   * Attributes kept as facts at a claim: those that the claim or use condition names, and those that the node records.
   */
  claimFacts: readonly string[];
  /** Attributes kept as facts at a use: those that its condition names, and those that the node records. */
  useFacts: readonly string[];
  /** All of these. Other attributes need not leave the edge. */
  attributes: readonly string[];
}

const made = new WeakMap<VoucherSpec, Terms>();

/** Throws where the spec is not a complete one. */
export function termsOf(spec: VoucherSpec): Terms {
  const known = made.get(spec);
  if (known) return known;
  const terms = makeTerms(spec);
  made.set(spec, terms);
  return terms;
}

function makeTerms(spec: VoucherSpec): Terms {
  const { windows, nodes } = storedSpec(spec);
  const zone = zoneOf(windows.timeZone);
  const { use } = windows;
  const claim = conditionOf('claim', nodes.claim.when);
  const useCondition = conditionOf('use', nodes.use.when);
  const claimFacts = [...new Set([...claim.attributes, ...useCondition.attributes, ...nodes.claim.record])];
  const useFacts = [...new Set([...useCondition.attributes, ...nodes.use.record])];
  return {
    zone,
    valid: range(windows.valid),
    claim: { ...range(windows.claim), hours: windows.claim.hours && openingHours(windows.claim.hours, zone) },
    use:
      'afterClaim' in use ? { delay: spanOf(use.afterClaim.delay), length: spanOf(use.afterClaim.length) } : range(use),
    useHours: use.hours && openingHours(use.hours, zone),
    conditions: {
      enable: conditionOf('enable', nodes.enable.when),
      claim,
      use: useCondition,
      terminate: conditionOf('terminate', nodes.terminate.when),
    },
    claimFacts,
    useFacts,
    attributes: [...new Set([...claimFacts, ...useFacts])],
  };
}

function range({ from, to }: { from: string; to: string }): { from: number; to: number } {
  const times = { from: Date.parse(from), to: Date.parse(to) };
  if (Number.isNaN(times.from) || Number.isNaN(times.to)) throw new RangeError('not a time');
  return times;
}

/** From when until when a claim granted at `at` can be used. */
export function useTimesAt({ use, valid, zone }: Terms, at: number): { useFrom: number; useUntil: number } {
  if ('from' in use) return { useFrom: use.from, useUntil: use.to };
  const begins = plus(at, use.delay, zone);
  return { useFrom: Math.max(begins, valid.from), useUntil: Math.min(plus(begins, use.length, zone), valid.to) };
}
