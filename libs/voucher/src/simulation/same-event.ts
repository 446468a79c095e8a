// Whether a recorded event and one that was decided again say the same.
import type { VoucherEvent } from '../decision.ts';

/**
 * The fields that are compared. Traces are not, because their words may change between releases. Nor are facts, and who
 * asked, because they are part of the submission.
 */
const FIELDS = [
  'type',
  'at',
  'submissionId',
  'reason',
  'claim',
  'before',
  'redemption',
  'entry',
  'entryBefore',
  'discount',
  'endedReservation',
  'userId',
  'occurredAt',
  'voucherVersion',
  'pageSlug',
  'why',
  'hold',
] as const satisfies (keyof VoucherEvent)[];
/** Facts of a claim stand in a column of their own. */
const FACTS = 'facts';

/** The first field that differs, with both values. Undefined if none does. */
export function differing(recorded: VoucherEvent, decided: VoucherEvent): string | undefined {
  const field = FIELDS.find((name) => !isSame(recorded[name], decided[name], FACTS));
  if (field === undefined) return undefined;
  return `${field} is recorded as ${shown(recorded[field])}, decided again it is ${shown(decided[field])}`;
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : clipped(JSON.stringify(value)));
const clipped = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/**
 * Whether two JSON values are the same, whatever the order of their keys. An undefined field counts as absent.
 * @param without a field of the values themselves that is not compared
 */
export function isSame(one: unknown, other: unknown, without?: string): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [ones, others] = [one as Record<string, unknown>, other as Record<string, unknown>];
  for (const name in ones) if (name !== without && !isSame(ones[name], others[name])) return false;
  for (const name in others) if (name !== without && others[name] !== undefined && !(name in ones)) return false;
  return true;
}
