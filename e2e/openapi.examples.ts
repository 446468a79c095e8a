// The examples of the OpenAPI documents: requests and answers of openapi.e2e.spec.ts. RECORD_EXAMPLES=1 writes them anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SERVICE_NAMES, SERVICES, type ServiceName } from '@vouchers/contracts';
import { committed, operationsOf } from './openapi.document.ts';

const FILE = join(import.meta.dirname, '../libs/service/examples.json');
/** Answers without an example: events that never end, a table in CSV, and answers without a body. */
const WITHOUT = new Set([
  'streamCounters',
  'exportVoucherEvents',
  'deleteVoucher',
  'deletePage',
  'deleteSavedItem',
  'deleteSimulation',
]);

export interface Example {
  request?: unknown;
  response?: unknown;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/** The time of every example. */
const THEN = Date.UTC(2026, 10, 23, 9);
/** The most items of a list. */
const MOST_ITEMS = 3;
/** Fields of `/console.json` with addresses of this run. */
const PORTS: Record<string, number> = {
  issuer: 3000,
  pageDelivery: SERVICES['page-delivery'].port,
  ledger: SERVICES.ledger.port,
};
const NEAR_MS = 60 * 24 * 3_600_000;

export class RecordedExamples {
  private readonly recorded: Record<string, Example> = {};
  private readonly began = Date.now();
  private readonly ids = new Map<string, string>();
  private readonly operations = new Map(
    SERVICE_NAMES.flatMap((service) =>
      operationsOf(committed(service)).map(([name, operation]) => [`${service} ${name}`, operation] as const),
    ),
  );

  /** Keeps the first success of each operation. */
  note(service: ServiceName, operation: string, request: unknown, response: unknown): void {
    const { operationId } = this.operations.get(`${service} ${operation}`)!;
    if (operationId in this.recorded) return;
    this.recorded[operationId] = {
      ...(request !== undefined && { request: this.plain(request) }),
      ...(response !== undefined && { response: this.plain(response) }),
    };
  }

  /** Writes them if that is wanted. */
  finish(): void {
    if (!process.env['RECORD_EXAMPLES']) return;
    const sorted = Object.entries(this.recorded).sort(([one], [other]) => (one < other ? -1 : 1));
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  }

  /** Operations whose example is missing, or has another request than this run. */
  faults(): string[] {
    const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Example>;
    return [...this.operations.values()].flatMap(({ operationId, requestBody }) => {
      const [example, recorded] = [kept[operationId], this.recorded[operationId]];
      if (WITHOUT.has(operationId)) return [];
      if (!example?.response || !recorded) return [`${operationId} has no example`];
      if (requestBody && !isDeepStrictEqual(example.request, recorded.request))
        return [`${operationId} has the example of another request`];
      return [];
    });
  }

  /** The same value with ids and times that do not change from run to run. */
  private plain(value: unknown): unknown {
    const text = JSON.stringify(value)
      .replaceAll(UUID, (id) => this.idOf(id))
      .replaceAll(TIME, (time) => this.timeOf(time));
    return JSON.parse(text, (key, part: unknown) => {
      if (Array.isArray(part)) return part.slice(0, MOST_ITEMS);
      const port = PORTS[key];
      return port !== undefined && typeof part === 'string' ? `http://localhost:${port}` : part;
    });
  }

  private idOf(id: string): string {
    const known = this.ids.get(id) ?? `019ab000-0000-7000-8000-${String(this.ids.size + 1).padStart(12, '0')}`;
    this.ids.set(id, known);
    return known;
  }

  private timeOf(time: string): string {
    const since = Date.parse(time) - this.began;
    return Math.abs(since) < NEAR_MS ? new Date(THEN + Math.round(since / 1_000) * 1_000).toISOString() : time;
  }
}
