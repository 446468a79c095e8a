// The faults of bodies and parameters. A fault has a code and the parameters of its sentence, so that a client can
// word it in the reader's language. The sentences here are English.
import type { Fault } from './schemas/problem.schema.ts';

/** The English sentence of each code. `{name}` stands for a parameter. */
export const FAULT_SENTENCES = {
  required: 'is required',
  unknown: 'is unknown',
  object: 'an object',
  'text-length': 'text of {least} to {most} characters',
  'text-most': 'text of at most {most} characters',
  'not-blank': 'more than spaces and invisible characters',
  'not-storable': 'must not have a NUL or half a surrogate pair',
  whole: 'a whole number from {least}',
  'whole-between': 'a whole number from {least} to {most}',
  between: 'a number above {above}, at most {most}',
  number: 'a number',
  decimals: 'at most {most} decimal places',
  'one-of': 'one of {values}',
  'list-length': 'a list of {least} to {most}',
  'list-most': 'a list of at most {most}',
  'labels-most': 'at most {most} labels',
  'attribute-id': 'is no attribute: user.id is always kept',
  time: 'an RFC 3339 time with offset, in the years 0001 to 9999 in UTC',
  'time-zone': 'an IANA time zone',
  duration: 'an ISO 8601 duration',
  'clock-time': 'a local time HH:MM',
  'clock-time-or-midnight': 'a local time HH:MM, or 24:00',
  currency: 'a currency in use, by its ISO 4217 code',
  url: 'an https URL of at most {most} characters',
  team: 'a team: 1 to {most} characters, none of them a control character',
  teams: 'any, or a list of 1 to {most} teams',
  'teams-once': 'each team once',
  group: '1 to 63 of a-z, 0-9 and -',
  groups: 'any, none, or a list of 1 to {most} groups',
  'groups-once': 'each group once',
  condition: 'a CEL condition',
  'below-items': 'at least the sum of its items',
  'push-below-claim': 'at least the claim quantity, {claim}',
  'redeem-above-claim': 'at most claim × perClaim, {most}',
  'needs-claim-quantity': 'needs `quantities.claim`',
  'currency-beside-amount': 'is required beside `maxAmount`',
  'needs-money-benefit': 'needs a benefit that takes money off',
  'other-currency': "in the benefit's currency, {currency}",
  'one-use-window': 'beside a range: only one of the two',
  'after-from': 'after `from`',
  'before-valid': 'not before the valid window',
  'after-valid': 'not after the valid window',
  'same-as-from': 'not the same as `from`',
  'too-long': 'too long',
  'above-zero': 'above 0',
  'never-open': 'open at some time within the window',
  'spec-bytes': 'at most {most} bytes without its goods',
  'record-bytes': 'too large for its topic: {bytes} bytes, at most {most}',
  'cel-bytes': 'a condition has at most {most} bytes',
  'cel-result': 'gives {type}, not a boolean',
  'cel-rank': 'gives {type}, not a number',
  'cel-cost':
    'costs too much to evaluate: up to {cost} steps, at most {most} are allowed; take a loop out of another, or ' +
    'shorten the lists and texts that are looked through',
  'cel-unreadable': 'cannot be read',
  'cel-taken': "'{name}' already stands for something else",
  'cel-unseen': "the {node} node does not see '{name}'",
  'cel-name': "unknown name '{name}'",
  'cel-function': "unknown function '{name}'",
  'cel-matches': "'matches' is refused: a regular expression has no bound",
  'cel-user': "'user' is named by one attribute at a time, written out: user.tier",
  'cel-loops': 'loops nest at most {most} deep',
  'cel-syntax': '{text}',
  'cel-types': '{text}',
  slug: 'must be 1 to 80 of a-z, 0-9 and -',
  twice: 'is there twice',
  'no-voucher': 'is no voucher',
  'not-placed': 'may not stand on pages of the team {team}: see its `placements`',
  cursor: 'is no cursor of this list',
  'text-least': 'text of at least {least} characters',
  'list-least': 'a list of at least {least}',
  least: 'at least {least}',
  most: 'at most {most}',
  type: 'of another type: {types}',
  uuid: 'a UUID',
  once: 'must be given once',
  'percent-encoding': 'must be UTF-8 in percent-encoding',
  'user-size': 'at most {most} characters of JSON',
  'voucher-or-spec': 'is missing, and so is spec',
  'not-of-path': 'must be that of the path',
  'vouchers-own': 'must be the voucher’s own: {value}',
  'order-or-claim': 'orderId or claimId is needed',
  'voucher-ids': '1 to {most} voucher ids, comma separated',
  'items-most': 'gives more than {most} items',
  'too-short': 'too short',
  quota: 'would be more than {most} ({setting})',
  invalid: 'is not valid',
} as const;

export type FaultCode = keyof typeof FAULT_SENTENCES;
export type FaultParameters = Readonly<Record<string, string | number>>;

/** The English sentence of a fault. */
export function faultSentence(code: FaultCode, params: FaultParameters = {}): string {
  return FAULT_SENTENCES[code].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

/** The fault of the field that the JSON pointer names. */
export function fault(pointer: string, code: FaultCode, params?: FaultParameters): Fault {
  return { pointer, message: faultSentence(code, params), code, ...(params && { params }) };
}
