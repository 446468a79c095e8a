// The rows that the ledger keeps of a random history, voucher by voucher, as simulations read them.
import type { VoucherSpec } from '@vouchers/contracts';
import {
  encodeEvent,
  MemoryRecords,
  simulate,
  type RecordedRow,
  type SimulationQuestion,
  type SimulationResult,
  type VoucherEvent,
  type World,
  type WorldRecords,
} from '@vouchers/voucher';
import type { SimulationDifference } from '@vouchers/contracts';
import { MemoryLedger } from './memory-ledger.ts';
import type { InputRecord } from './model.ts';

/** The events of each voucher. */
export function eventsOf(history: readonly InputRecord[]): Map<string, VoucherEvent[]> {
  const ledger = new MemoryLedger();
  const events = new Map<string, VoucherEvent[]>();
  for (const record of history) {
    const ids = record.type === 'tick' ? [...ledger.vouchers.keys()].sort() : [record.value.voucherId];
    for (const id of ids) events.set(id, [...(events.get(id) ?? []), ...ledger.take(id, record)]);
  }
  return events;
}

export function rowsOf(events: readonly VoucherEvent[]): RecordedRow[] {
  return events.map((event, index) => ({
    seq: 10 + 2 * index,
    type: event.type,
    voucherId: event.voucherId,
    submissionId: event.submissionId ?? null,
    data: JSON.stringify(encodeEvent(event, { decidedAt: 0, team: 'default', labels: {} })),
    facts: event.facts && Object.keys(event.facts).length > 0 ? JSON.stringify(event.facts) : null,
    submission: event.submission ? JSON.stringify(event.submission) : null,
  }));
}

export interface Simulated {
  result: SimulationResult;
  differences: SimulationDifference[];
}

/** Simulates in pages of a few rows, in memory if nothing else is said. */
export async function simulated(
  rows: readonly RecordedRow[],
  question: SimulationQuestion,
  worlds: Record<World, WorldRecords> = { was: new MemoryRecords(), would: new MemoryRecords() },
): Promise<Simulated> {
  const pages: RecordedRow[][] = [];
  for (let at = 0; at < rows.length; at += 7) pages.push(rows.slice(at, at + 7));
  const running = simulate(question, pages, worlds);
  const differences: SimulationDifference[] = [];
  for (;;) {
    const { value, done } = await running.next();
    if (done) return { result: value, differences };
    differences.push(...value.differences);
  }
}

/** The last published spec of a voucher, or undefined if it was never published. */
export function publishedSpec(events: readonly VoucherEvent[]): VoucherSpec | undefined {
  return events.findLast(({ definition }) => definition && definition.intent !== 'draft')?.definition?.spec;
}
