// A spec in a form for fast decisions: times are numbers, hours and conditions are parsed. Made once per version.
import type { Definition, VoucherSpec } from '@vouchers/contracts';
import { type Condition, conditionOf } from './conditions/condition.ts';
import { factNames } from './facts.ts';
import { type RankOf, rankOf } from './conditions/rank.ts';
import { storedSpec } from './stored.ts';
import { minus, plus, type Span, spanOf } from './time/duration.ts';
import { type OpeningHours, openingHours } from './time/hours.ts';
import { type Zone, zoneOf } from './time/zone.ts';

/** A half-open window. Unit: Unix ms. */
export interface Window {
  from: number;
  to: number;
  hours?: OpeningHours;
}

export interface Terms {
  zone: Zone;
  valid: Window;
  claim: Window;
  /** A range, or a delay and length that count from the moment at which the claim is granted. */
  use: { from: number; to: number } | { delay: Span; length: Span };
  useHours?: OpeningHours;
  conditions: { enable: Condition; claim: Condition; use: Condition; terminate: Condition };
  /** The attributes kept as facts of a claim: the claim or use condition names them, or the node records them. */
  claimFacts: readonly string[];
  /** The attributes kept as facts of a redemption: the use condition names them, or the node records them. */
  useFacts: readonly string[];
  waitingList?: { limit: number; rank: RankOf; offerFor: Span; minUse: Span };
  /** How long before its end a claim gives notice. */
  notices: readonly Span[];
  extension?: { length: Span; times: number };
  /** The attributes kept as facts of a joining: the rank or the claim condition names them. */
  joinFacts: readonly string[];
  /** All attributes that are kept as facts. The edge removes other attributes. */
  attributes: readonly string[];
}

const made = new WeakMap<VoucherSpec, Terms>();

/** @throws Error if the spec is not complete */
export function termsOf(spec: VoucherSpec): Terms {
  const known = made.get(spec);
  if (known) return known;
  const terms = makeTerms(spec);
  made.set(spec, terms);
  return terms;
}

function makeTerms(spec: VoucherSpec): Terms {
  const { waitingList, notices, extension } = spec;
  const { windows, nodes } = storedSpec(spec);
  const zone = zoneOf(windows.timeZone);
  const { use } = windows;
  const claim = conditionOf('claim', nodes.claim.when);
  const useCondition = conditionOf('use', nodes.use.when);
  const claimFacts = [...new Set([...claim.attributes, ...useCondition.attributes, ...nodes.claim.record])];
  const rank = waitingList ? rankOf(waitingList.rank) : undefined;
  const joinFacts = rank ? [...new Set([...rank.attributes, ...claim.attributes])] : [];
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
    ...(waitingList && {
      waitingList: {
        limit: waitingList.limit ?? Infinity,
        rank: rank!,
        offerFor: spanOf(waitingList.offerFor),
        minUse: spanOf(waitingList.minUse),
      },
    }),
    notices: notices?.map(spanOf) ?? [],
    ...(extension && { extension: { length: spanOf(extension.length), times: extension.times } }),
    joinFacts,
    attributes: [...new Set([...claimFacts, ...useFacts, ...joinFacts])],
  };
}

/** The names of the facts that the use condition of a definition (as JSON) asks for, such as `user.tier`. */
export function factsForUse(definition: string): string[] {
  const { spec } = JSON.parse(definition) as Definition;
  return factNames(termsOf(spec).conditions.use.attributes);
}

function range({ from, to }: { from: string; to: string }): { from: number; to: number } {
  const times = { from: Date.parse(from), to: Date.parse(to) };
  if (Number.isNaN(times.from) || Number.isNaN(times.to)) throw new RangeError('not a time');
  return times;
}

/** The time in which a claim granted at `at` can be used. */
export function useTimesAt({ use, valid, zone }: Terms, at: number): { useFrom: number; useUntil: number } {
  if ('from' in use) return { useFrom: use.from, useUntil: use.to };
  const begins = plus(at, use.delay, zone);
  return { useFrom: Math.max(begins, valid.from), useUntil: Math.min(plus(begins, use.length, zone), valid.to) };
}

/** The times after `at`, in order, at which a claim that ends at `useUntil` gives notice. Undefined if there are none. */
export function noticesOf({ notices, zone }: Terms, useUntil: number, at: number): number[] | undefined {
  if (notices.length === 0) return undefined;
  const times = new Set(notices.map((before) => minus(useUntil, before, zone)).filter((time) => time > at));
  return times.size > 0 ? [...times].sort((a, b) => a - b) : undefined;
}
