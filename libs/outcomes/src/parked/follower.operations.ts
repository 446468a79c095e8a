// The commands of operators for the vouchers that a follower has parked.
import { UUID, type EventRow } from '@vouchers/contracts';
import type { RecordPlace } from '@vouchers/messaging';
import { runParkedCommand, UsageError, type ParkedOperations } from '@vouchers/service';
import pg from 'pg';
import type { OutcomeHead } from '../outcome.ts';
import { retryParked, type ParkedFollower } from './parked.retry.ts';
import {
  LIST_ACTIONS,
  LIST_PARKED,
  ONE_PARKED,
  reasonOf,
  RECORD_ACTION,
  SKIP_ORDER,
  type Ask,
  type ParkedVoucher,
} from './parked.tables.ts';

interface Follower {
  ask: Ask;
  /** The ledger's event with this partition and seq. Undefined if there is none. */
  eventAt(partition: number, seq: number): Promise<EventRow | undefined>;
  /** Reads the voucher's events from the ledger and follows it again. @returns the number of events */
  readAgain(voucherId: string): Promise<number>;
}

/** `node dist/parked.js` of a service that follows the outcomes. @returns the exit code, see `runParkedCommand` */
export async function runFollowersCommand<O extends OutcomeHead>(
  args: string[],
  follower: ParkedFollower<O>,
  say?: (line: string) => void,
): Promise<number> {
  const { databaseUrl, ledger } = follower;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const operations = followerOperations({
    ask: async <Row>(text: string, values: unknown[] = []) => (await pool.query(text, values)).rows as Row[],
    eventAt: async (partition, seq) => (await ledger.events(partition, seq - 1, 1))[0],
    readAgain: (voucherId) => retryParked(follower, voucherId),
  });
  try {
    return await runParkedCommand(args, operations, say);
  } finally {
    await pool.end();
  }
}

interface Action {
  at: string;
  by: string;
  action: string;
  outcome: string;
}

export function followerOperations({ ask, eventAt, readAgain }: Follower): ParkedOperations {
  return {
    async list() {
      const parked = await ask<ParkedVoucher>(LIST_PARKED);
      const lines = parked.map(
        ({ voucherId, partition, firstSeq, at, reason }) =>
          `${voucherId}  from ${partition}:${firstSeq}  since ${at}  ${reason}`,
      );
      return [...lines, `${parked.length} parked`];
    },

    async inspect(subject) {
      const voucherId = voucherIn(subject);
      const [parked] = await ask<ParkedVoucher>(ONE_PARKED, [voucherId]);
      const actions = (await ask<Action>(LIST_ACTIONS, [voucherId])).map(
        ({ at, by, action, outcome }) => `${at}  ${action} by ${by}: ${outcome}`,
      );
      if (!parked) return [`${voucherId} is not parked`, ...actions];
      const event = await eventAt(parked.partition, parked.firstSeq);
      const said = event ? `the ledger's event: ${JSON.stringify(event, null, 2)}` : 'the ledger has no such event';
      return [JSON.stringify(parked, null, 2), ...actions, said];
    },

    async retry(subject, by) {
      const voucherId = voucherIn(subject);
      const record = (outcome: string) => ask(RECORD_ACTION, [by, 'retry', voucherId, outcome]);
      if ((await ask(ONE_PARKED, [voucherId])).length === 0) return { done: true, line: `${voucherId} is not parked` };
      try {
        const outcome = `followed again after ${await readAgain(voucherId)} events`;
        await record(outcome);
        return { done: true, line: `${voucherId} ${outcome}` };
      } catch (error) {
        const reason = reasonOf(error);
        await record(`in vain: ${reason}`);
        return { done: false, line: `${voucherId} stays parked: ${reason}` };
      }
    },

    async skip(place, by, why) {
      await ask(RECORD_ACTION, [by, 'skip', subjectOf(place), why]);
    },
  };
}

/** Returns a function with which a consumer finds an operator's order to skip a record. */
export function skipOrders(ask: Ask): (place: RecordPlace) => Promise<string | undefined> {
  return async (place) => {
    const [order] = await ask<Action>(SKIP_ORDER, [subjectOf(place)]);
    return order && `skipped by ${order.by} at ${order.at}: ${order.outcome}`;
  };
}

const subjectOf = ({ topic, partition, offset }: RecordPlace): string => `${topic}/${partition}/${offset}`;

function voucherIn([id = '', ...more]: string[]): string {
  if (!UUID.test(id) || more.length > 0) throw new UsageError(`VOUCHER must be one id (it is '${id}')`);
  return id.toLowerCase();
}
