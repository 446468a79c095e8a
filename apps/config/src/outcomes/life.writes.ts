// Writes what the ledger's events change in config, in one transaction with the position read.
import type { EventType } from '@vouchers/contracts';
import { ONE_PARKED, type Ask, type LedgerApi, type ParkedVoucher } from '@vouchers/service';
import type { DataSource, EntityManager } from 'typeorm';
import { OutcomePositionRow } from './position.entity.ts';

const ENABLED: EventType = 'voucher.enabled.v1';
const TERMINATED: EventType = 'voucher.terminated.v1';

/** The fields of a ledger event that config reads. */
export interface LifeEvent {
  type: string;
  voucherId: string;
  seq: number;
}

/** Vouchers grouped by their change. Flags only ever become true, so an event that is read twice does no harm. */
export interface Lives {
  enabled: string[];
  ended: string[];
}

export interface Parking {
  voucherId: string;
  partition: number;
  firstSeq: number;
  reason: string;
}

/** Greater than every seq: a retry reads all events of the ledger. */
const NO_END = Number.MAX_SAFE_INTEGER;
const PARK = `INSERT INTO parked_vouchers (voucher_id, partition, first_seq, reason) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING`;
/**
 * A shared lock. We wait for a retry that holds a row; a retry that waits for us reads the events that we leave out.
 */
const PARKED_OF = 'SELECT voucher_id AS "voucherId" FROM parked_vouchers WHERE voucher_id = ANY($1) FOR SHARE';

export function livesIn(events: readonly LifeEvent[]): Lives {
  const of = (type: EventType): string[] =>
    events.filter((event) => event.type === type).map((event) => event.voucherId);
  return { enabled: of(ENABLED), ended: of(TERMINATED) };
}

export const saysSomething = ({ enabled, ended }: Lives): boolean => enabled.length + ended.length > 0;

export async function writeLives(
  manager: EntityManager,
  { enabled, ended }: Lives,
  position: OutcomePositionRow,
  parking?: Parking,
): Promise<void> {
  await manager.transaction(async (own) => {
    if (parking) await own.query(PARK, [parking.voucherId, parking.partition, parking.firstSeq, parking.reason]);
    const parked = await parkedOf(own, [...enabled, ...ended]);
    const followed = (ids: string[]): string[] => ids.filter((id) => !parked.has(id));
    await setFlags(own, { enabled: followed(enabled), ended: followed(ended) });
    await own.upsert(OutcomePositionRow, position, ['partition']);
  });
}

async function parkedOf(manager: EntityManager, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = (await manager.query(PARKED_OF, [ids])) as ParkedVoucher[];
  return new Set(rows.map(({ voucherId }) => voucherId));
}

async function setFlags(manager: EntityManager, { enabled, ended }: Lives): Promise<void> {
  if (enabled.length > 0)
    await manager.query('UPDATE vouchers SET enabled = true WHERE id = ANY($1) AND NOT enabled', [enabled]);
  if (ended.length > 0)
    await manager.query('UPDATE vouchers SET ended = true WHERE id = ANY($1) AND NOT ended', [ended]);
}

/** Reads the voucher's events again from the ledger. @returns their number. @throws Error if it has to stay parked */
export async function retryParked(source: DataSource, ledger: LedgerApi, voucherId: string): Promise<number> {
  return source.transaction(async (manager) => {
    const [parked] = (await manager.query(`${ONE_PARKED} FOR UPDATE NOWAIT`, [voucherId])) as ParkedVoucher[];
    if (!parked) throw new Error('it is not parked');
    let events = 0;
    for await (const rows of ledger.eventsOf(voucherId, 0, NO_END)) {
      events += rows.length;
      await setFlags(manager, livesIn(rows));
    }
    await manager.query('DELETE FROM parked_vouchers WHERE voucher_id = $1', [voucherId]);
    return events;
  });
}

export const askOf =
  (manager: () => EntityManager): Ask =>
  async <Row>(text: string, values: unknown[] = []) =>
    (await manager().query(text, values)) as Row[];
