// The code of the replay thread. It exists so that deciding never waits for a reader of the past.
import { atOneMoment, connectHistory } from '@vouchers/event-store/history';
import { Budget, ROW_COST, say, serveThread } from '@vouchers/service/thread';
import { workerData } from 'node:worker_threads';
import { Replaying, type Replay } from './replays.ts';

export interface ReplaySettings {
  databaseUrl: string;
  /** The most replays that run at once. */
  connections: number;
}
export interface ReplayRequest {
  replay: Replay;
  costLimit: number;
  advice: string;
}
/** The thread's messages that are no answers: the number of events that a replay read, or a line for the log. */
export type ReplaySaid = { events: number } | { warning: string };

const { databaseUrl, connections } = workerData as ReplaySettings;
const tell = (said: ReplaySaid): void => say(said);
const pool = connectHistory(databaseUrl, { connections, name: 'ledger replay' }, (error) =>
  tell({ warning: `a connection of the thread that replays broke: ${error.message}` }),
);

serveThread(
  async ({ replay, costLimit, advice }: ReplayRequest, job) => {
    // The budget ends a replay between two pages of events if its caller has gone.
    const budget = new Budget(costLimit, job, advice);
    try {
      if (replay.kind !== 'proof') return await new Replaying(pool, replay, budget).answer(replay);
      return await atOneMoment(pool, (queries) => new Replaying(queries, replay, budget).answer(replay));
    } finally {
      tell({ events: budget.cost / ROW_COST });
    }
  },
  () => pool.end(),
);
