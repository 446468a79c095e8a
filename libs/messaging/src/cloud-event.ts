// CloudEvents 1.0, Kafka protocol binding, binary mode: attributes are headers `ce_*`, the value is only the data.
import { HEADERS, schemaIdOf } from '@vouchers/contracts';
import type { IncomingRecord } from './record.ts';

export interface CloudEventAttributes {
  id: string;
  type: string;
  source: string;
  /** RFC 3339. */
  time: string;
  subject: string;
  partition?: number;
  sequence?: number;
  submissionId?: string;
  traceparent?: string;
}

/** The headers of a record that is an event. */
export function cloudEvent(event: CloudEventAttributes): Record<string, string> {
  const headers: Record<string, string> = {
    [HEADERS.specVersion]: '1.0',
    [HEADERS.id]: event.id,
    [HEADERS.type]: event.type,
    [HEADERS.source]: event.source,
    [HEADERS.time]: event.time,
    [HEADERS.subject]: event.subject,
    [HEADERS.dataSchema]: schemaIdOf(event.type),
    'content-type': 'application/json',
  };
  if (event.partition !== undefined) headers[HEADERS.partition] = String(event.partition);
  if (event.sequence !== undefined) headers[HEADERS.sequence] = String(event.sequence);
  if (event.submissionId !== undefined) headers[HEADERS.submissionId] = event.submissionId;
  if (event.traceparent !== undefined) headers[HEADERS.traceparent] = event.traceparent;
  return headers;
}

/** The attributes of a received event; undefined if a required one is missing or a number is not a number. */
export function readCloudEvent(headers: Record<string, string>): CloudEventAttributes | undefined {
  const [id, type, source, time, subject] = [
    headers[HEADERS.id],
    headers[HEADERS.type],
    headers[HEADERS.source],
    headers[HEADERS.time],
    headers[HEADERS.subject],
  ];
  if (headers[HEADERS.specVersion] !== '1.0' || !id || !type || !source || !time || !subject) return undefined;
  const event: CloudEventAttributes = { id, type, source, time, subject };
  for (const name of ['partition', 'sequence'] as const) {
    const text = headers[HEADERS[name]];
    if (text === undefined) continue;
    if (!/^\d{1,15}$/.test(text)) return undefined;
    event[name] = Number(text);
  }
  const submissionId = headers[HEADERS.submissionId];
  if (submissionId) event.submissionId = submissionId;
  const traceparent = headers[HEADERS.traceparent];
  if (traceparent) event.traceparent = traceparent;
  return event;
}

/** One header, without decoding the others. It saves time for readers that drop most records, or need few headers. */
export function headerOf(record: IncomingRecord, name: string): string | undefined {
  return record.header ? record.header(name) : record.headers[name];
}
