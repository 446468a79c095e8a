import { PROBLEM_REASONS } from '../reasons.ts';
import { CHECK } from './event.schema.ts';
import {
  anyOf,
  arrayOf,
  choice,
  ID,
  maybe,
  named,
  NUMBER,
  record,
  text,
  whole,
  type Schema,
  type TypeOf,
} from './schema.ts';

/** Parameters of a sentence. */
export const PARAMETERS: Schema<Record<string, string | number>> = {
  type: 'object',
  // Some generators know no list of types.
  additionalProperties: anyOf(text(), NUMBER),
};

export const FAULT = named(
  'Fault',
  record({
    pointer: { ...text(), description: 'RFC 6901: the field at fault' },
    message: text(),
    code: maybe({ ...text(), description: 'which fault; later releases may add values' }),
    params: maybe({
      ...PARAMETERS,
      description: 'the parameters of the message',
      examples: [{ least: 1, most: 200 }],
    }),
  }),
);
/** One fault of a body. The JSON pointer (RFC 6901) names the field. */
export interface Fault extends TypeOf<typeof FAULT> {}

export const PROBLEM = named(
  'Problem',
  record({
    type: text(),
    title: text(),
    status: whole(400, 599),
    detail: maybe(text()),
    reason: maybe({
      ...choice(...PROBLEM_REASONS),
      description: 'why a rule or a state refused; later releases may add values',
    }),
    errors: maybe(arrayOf(FAULT)),
    claimId: maybe({ ...ID, description: 'the claim of an order that was refused' }),
    checks: maybe({ ...arrayOf(CHECK), description: 'what was checked of that claim' }),
  }),
  'Problem details (RFC 9457)',
);
/** Problem details (RFC 9457). Their media type is application/problem+json. */
export interface Problem extends TypeOf<typeof PROBLEM> {}
