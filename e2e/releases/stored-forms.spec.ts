// Reads every form that a release stored, as today's code reads it: nothing is missing, and nothing counts as NaN.
import { describe, expect, it } from '@jest/globals';
import type { Definition, EventData, EventType, VoucherSpec } from '@vouchers/contracts';
import { asRead, DEFINITION, eventDataOf, PAGE, type Schema } from '@vouchers/contracts/schemas';
import {
  countersOf,
  decodeEvent,
  evolve,
  storedCounts,
  storedSpec,
  storedState,
  type VoucherState,
} from '@vouchers/voucher';
import { Ajv } from 'ajv';
import { recordingOf } from './recording.ts';

const { databases, records } = recordingOf('0.1.0');
const ajv = new Ajv({ strict: false, validateFormats: false });

type Row = Record<string, string | undefined>;

/** The rows of a table, by the names of their columns. */
function rowsOf(service: keyof typeof databases, table: string): Row[] {
  const rows: Row[] = [];
  for (const insert of databases[service].rows) {
    const [, columns, values] =
      new RegExp(`^INSERT INTO "?${table}"? \\((.*?)\\) .*?VALUES \\((.*)\\)$`, 's').exec(insert) ?? [];
    if (columns === undefined || values === undefined) continue;
    const names = [...columns.matchAll(/"(\w+)"/g)].map(([, name]) => name!);
    const texts = [...values.matchAll(/(E?)'((?:[^']|'')*)'|NULL/g)].map(([, escaped, text]) => {
      const plain = text?.replaceAll("''", "'");
      return escaped ? plain?.replaceAll('\\\\', '\\') : plain;
    });
    expect(texts).toHaveLength(names.length);
    rows.push(Object.fromEntries(names.map((name, index) => [name, texts[index]])));
  }
  return rows;
}
const parsed = <T>(text: string | undefined): T => JSON.parse(text!) as T;
const faultsOf = (schema: Schema, values: unknown[]): unknown[] => {
  const check = ajv.compile(asRead(schema));
  return values.flatMap((value) => (check(value) ? [] : [check.errors]));
};

const events = rowsOf('ledger', 'events').sort((one, other) => Number(one['seq']) - Number(other['seq']));
const vouchers = rowsOf('ledger', 'vouchers');
const specs = rowsOf('config', 'voucher_versions').map(({ spec }) => parsed<VoucherSpec>(spec));

describe('what release 0.1.0 stored', () => {
  it('has events in the shape of their types', () => {
    const types = new Set(events.map(({ type }) => type as EventType));
    expect(types.size).toBeGreaterThan(10);
    for (const type of types) {
      const data = events.filter((event) => event['type'] === type).map((event) => parsed(event['data']));
      expect([type, faultsOf(eventDataOf(type), data)]).toEqual([type, []]);
    }
  });

  it('has definitions and pages in the shape of the contract', () => {
    const stored = vouchers.map(({ definition }) => parsed(definition));
    const published = (topic: string): unknown[] =>
      records.filter((record) => record.topic === topic).map(({ value }) => parsed(value));
    expect(stored.length * published('pages').length).toBeGreaterThan(0);
    expect(faultsOf(DEFINITION, [...stored, ...published('definitions')])).toEqual([]);
    expect(faultsOf(PAGE, published('pages'))).toEqual([]);
  });

  it('has specs to which nothing is missing once they are read', () => {
    expect(specs.length).toBeGreaterThan(0);
    for (const { nodes } of specs.map(storedSpec)) expect([nodes.claim.record, nodes.use.record]).toEqual([[], []]);
  });

  it('has events that lead to the counters that it stored', () => {
    const states = new Map<string, VoucherState>();
    for (const { type, voucher_id: id, submission_id: submission, data } of events)
      states.set(
        id!,
        evolve(states.get(id!), decodeEvent(type as EventType, id!, submission, parsed<EventData>(data))),
      );
    expect(vouchers.length).toBeGreaterThan(0);
    for (const { voucher_id: id, counters } of vouchers)
      expect(states.get(id!)!.counters).toEqual(storedCounts(parsed(counters)));
  });

  it('has states of which every count is a number, in the ledger and in the read model', () => {
    const inForce = new Map(
      rowsOf('page-delivery', 'definitions_in_force').map(({ voucher_id: id, definition }) => [
        id,
        parsed<Definition>(definition),
      ]),
    );
    const states = [
      ...rowsOf('ledger', 'checkpoints').map(({ state }) => parsed<VoucherState>(state)),
      ...rowsOf('page-delivery', 'vouchers').map(({ voucher_id: id, state }) => ({
        ...parsed<VoucherState>(state),
        definition: inForce.get(id)!,
      })),
    ];
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) {
      const { refused: _, free, discounted, reserved, ...counts } = countersOf(storedState(state));
      expect(Object.values({ ...counts, free: free ?? 0 }).every(Number.isSafeInteger)).toBe(true);
      expect([discounted, reserved]).toEqual([{}, { uses: 0, discount: {} }]);
    }
  });
});
