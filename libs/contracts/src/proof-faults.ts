// The faults that a proof finds. A fault has a code and the parameters of its sentence, so that a client can word it in
// the reader's language. The sentences here are English.

/** The English sentence of each code. `{name}` stands for a parameter. */
export const PROOF_SENTENCES = {
  'units-gone': '{count} units were gone, of {most}',
  'pushes-above': '{count} users had been shown it, of {most}',
  'uses-above': '{count} uses were counted, of {most}',
  'budget-above': '{count} of {currency} were taken off, of {most}',
  'claims-above': 'its user had {count} claims, of {most}',
  'claims-sum': '{count} claims by state, {all} in all',
  'entries-sum': '{count} entries by state, {all} in all',
  'reserved-above': '{count} claims reserved, {locked} locked',
  'below-zero': '{name} is {count}',
  'counters-differ': 'the checkpoint {checkpoint} has other counters than the events',
  'voucher-missing': 'the voucher is not stored',
  'voucher-differs': '{name} is {stored}, by the events {events}',
  'rows-differ': '{count} rows are stored, {wanted} by the events',
  'row-missing': '{id} is not stored',
  'row-invented': '{id} is stored, and no event made it',
  'row-differs': '{id}: stored {stored}; by the events {events}',
  'other-user': 'event {event}: claim {id} is of {stored}, not {said}',
  'event-unreplayed': '{event} cannot be replayed: {text}',
  'event-type': '{event}: type {type} is unknown',
  'event-unreadable': '{event}: its {field} cannot be read',
  'event-differs': '{event}: its column {name} is {stored}, its data say {said}',
  'event-altered': '{event} is not the event that was hashed',
  'events-missing': '{count} events of partition {partition} are missing',
} as const;

export type ProofFaultCode = keyof typeof PROOF_SENTENCES;

/** `params.place`: the partition and seq of the event after which it was so. */
export interface ProofFault {
  code: ProofFaultCode;
  params: Record<string, string | number>;
}

export const proofFault = (code: ProofFaultCode, params: ProofFault['params'] = {}): ProofFault => ({ code, params });

/** The English sentence of a fault. */
export function proofSentence({ code, params }: ProofFault): string {
  const sentence = PROOF_SENTENCES[code].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
  return params['place'] === undefined ? sentence : `after ${params['place']}: ${sentence}`;
}
