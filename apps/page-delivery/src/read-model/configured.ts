// Reads records that config publishes. It checks only the fields that this service relies on, so that records of every
// release can be read. The result is undefined if a record lacks them.
import { UUID, type Definition, type Page } from '@vouchers/contracts';
import { isObject, objectIn } from './json-object.ts';

/** Keys of the two topics. */
export const VOUCHER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const SLUG = /^[a-z0-9-]{1,80}$/;

type Is = (value: unknown) => boolean;
const text: Is = (value) => typeof value === 'string';
const time: Is = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const whole: Is = (value) => Number.isSafeInteger(value) && (value as number) > 0;
/** A version fits a 32-bit integer of Postgres. The largest one means "deleted". */
const version: Is = (value) => whole(value) && (value as number) < 2_147_483_647;
const limit: Is = (value) => value === null || whole(value);
const oneOf =
  (...values: unknown[]): Is =>
  (value) =>
    values.includes(value);
const arrayOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is);
const optional =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value);
/** An object with at least these fields of its own. */
const having =
  (fields: Record<string, Is>): Is =>
  (value) =>
    isObject(value) &&
    Object.entries(fields).every(([name, is]) => is(Object.hasOwn(value, name) ? value[name] : undefined));
const either =
  (...choices: Is[]): Is =>
  (value) =>
    choices.some((is) => is(value));

const hours = optional(arrayOf(having({ days: arrayOf(text), from: text, to: text })));
const range = { from: time, to: time };
const SPEC = having({
  name: text,
  resourceType: text,
  quantities: having({ push: limit, claim: limit, redeem: limit }),
  windows: having({
    timeZone: text,
    valid: having(range),
    claim: having({ ...range, hours }),
    use: either(having({ ...range, hours }), having({ afterClaim: having({ delay: text, length: text }), hours })),
  }),
  goods: arrayOf(having({ sku: text })),
  operations: having({
    popup: optional(having({ trigger: text, title: optional(text), text: optional(text) })),
  }),
  nodes: having({
    enable: having({ when: text }),
    claim: having({ when: text, perUser: limit }),
    use: having({ when: text, perClaim: limit }),
    terminate: having({ when: text, claims: text }),
  }),
  pool: having({ expired: text, released: text, revoked: text, rolledBack: text }),
  labels: isObject,
  clock: oneOf('wall', 'submissions'),
});

export function definitionIn(voucherId: string, value: Buffer): Definition | undefined {
  const isDefinition = having({
    voucherId: oneOf(voucherId),
    version,
    intent: oneOf('draft', 'published', 'paused', 'terminated'),
    team: text,
    at: time,
    spec: SPEC,
  });
  const definition = objectIn(value);
  return isDefinition(definition) ? (definition as unknown as Definition) : undefined;
}

export function pageIn(slug: string, value: Buffer): Page | undefined {
  const isId: Is = (id) => typeof id === 'string' && UUID.test(id);
  const isPage = having({ slug: oneOf(slug), title: text, voucherIds: arrayOf(isId), version });
  const page = objectIn(value);
  return isPage(page) ? (page as unknown as Page) : undefined;
}
