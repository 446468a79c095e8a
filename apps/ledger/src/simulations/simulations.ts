// Serves the routes of simulations: the queue, their differences, and the voucher that is simulated.
import { Injectable } from '@nestjs/common';
import type { Actor, Definition } from '@vouchers/contracts';
import {
  SimulationDifferences,
  SimulationsStore,
  type SimulationAsked,
  type SimulationRow,
} from '@vouchers/event-store';
import type { Caller } from '@vouchers/service';
import { LedgerConnections } from '../ledger.connections.ts';
import { TEAM } from '../team/team.reads.ts';
import { SimulationsRunner } from './simulations.runner.ts';

/** A draft that was terminated was never published. */
const PUBLISHED = `
  SELECT v.definition, EXISTS (
    SELECT FROM events e WHERE e.partition = v.partition AND e.voucher_id = v.voucher_id
      AND e.type = 'voucher.defined.v1' AND e.data #>> '{definition,intent}' IN ('published', 'paused')
  ) AS published FROM vouchers v WHERE v.partition = $1 AND v.voucher_id = $2`;

@Injectable()
export class Simulations {
  readonly store: SimulationsStore;
  readonly differences: SimulationDifferences;

  constructor(
    private readonly connections: LedgerConnections,
    private readonly runner: SimulationsRunner,
  ) {
    this.store = new SimulationsStore(connections.historyPool);
    this.differences = new SimulationDifferences(connections.historyPool);
  }

  /** The voucher's definition in force, and whether it was ever published. Undefined if the ledger has no event of it. */
  async published(
    partition: number,
    voucherId: string,
  ): Promise<{ definition: Definition; published: boolean } | undefined> {
    const { rows } = await this.connections.historyPool.query<{ definition: string; published: boolean }>({
      name: 'voucher-published',
      text: PUBLISHED,
      values: [partition, voucherId],
    });
    const [row] = rows;
    return row && { definition: JSON.parse(row.definition) as Definition, published: row.published };
  }

  /** @returns undefined if as many as may wait do so already */
  async add(asked: SimulationAsked): Promise<SimulationRow | undefined> {
    const added = await this.store.add(asked);
    if (added) this.runner.wake();
    return added;
  }

  /** An asker may delete its own simulation, and the team of the voucher any. */
  async mayDelete({ partition, voucherId, askedBy }: SimulationRow, { sub, team }: Caller): Promise<boolean> {
    const by = JSON.parse(askedBy) as Actor;
    if (by.sub === sub && by.team === team) return true;
    const { rowCount } = await this.connections.historyPool.query({
      name: 'team-of-voucher',
      text: `SELECT FROM vouchers v WHERE v.partition = $1 AND v.voucher_id = $2 AND ${TEAM} = $3`,
      values: [partition, voucherId, team],
    });
    return rowCount === 1;
  }

  /** @returns undefined if there is no such simulation */
  async cancelOrRemove(partition: number, simulationId: string): Promise<'cancelled' | 'removed' | undefined> {
    const done = await this.store.cancelOrRemove(partition, simulationId);
    if (done === 'cancelled') this.runner.cancelled(simulationId);
    return done;
  }
}
