import type { Fault, Problem } from '../problems.ts';
import { arrayOf, maybe, named, record, text, whole } from './schema.ts';

export const PROBLEM = named(
  'Problem',
  record<Problem>({
    type: text(),
    title: text(),
    status: whole(400, 599),
    detail: maybe(text()),
    reason: maybe({ type: 'string', description: 'why a rule or a state refused' }),
    errors: maybe(
      arrayOf(
        record<Fault>({ pointer: { type: 'string', description: 'RFC 6901: the field at fault' }, message: text() }),
      ),
    ),
  }),
  'Problem details (RFC 9457)',
);
