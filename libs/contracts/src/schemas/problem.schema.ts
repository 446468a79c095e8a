import { arrayOf, maybe, named, record, text, whole, type TypeOf } from './schema.ts';

const FAULT = record({ pointer: { ...text(), description: 'RFC 6901: the field at fault' }, message: text() });
/** One fault of a body: RFC 6901 pointer to the field itself. */
export interface Fault extends TypeOf<typeof FAULT> {}

export const PROBLEM = named(
  'Problem',
  record({
    type: text(),
    title: text(),
    status: whole(400, 599),
    detail: maybe(text()),
    reason: maybe({ ...text(), description: 'why a rule or a state refused' }),
    errors: maybe(arrayOf(FAULT)),
  }),
  'Problem details (RFC 9457)',
);
/** RFC 9457. Media type application/problem+json. */
export interface Problem extends TypeOf<typeof PROBLEM> {}
