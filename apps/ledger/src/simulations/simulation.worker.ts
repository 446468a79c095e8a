// The thread that simulates. It has connections of its own, a low priority, and rests while others wait for a core, so
// that deciding never waits for a simulation.
import { connectHistory, connectRecords } from '@vouchers/event-store/history';
import { say, serveThread } from '@vouchers/service/thread';
import { workerData } from 'node:worker_threads';
import { SimulationRun, type SimulationEnd, type SimulationJob } from './simulation.run.ts';

export type { SimulationEnd, SimulationJob };

export interface SimulationThreadData {
  databaseUrl: string;
  /** The memory of the thread. */
  bytes: number;
}
/** The thread's messages that are no answers: how far the run came, or a line for the log. */
export type SimulationSaid = { progress: { done: number; of: number } } | { warning: string };

/** One reads the next page of events while another one stores differences. */
const CONNECTIONS = 2;

const { databaseUrl, bytes } = workerData as SimulationThreadData;
const tell = (said: SimulationSaid): void => say(said);
const broken = (error: Error): void =>
  tell({ warning: `a connection of the thread that simulates broke: ${error.message}` });
const history = connectHistory(databaseUrl, { connections: CONNECTIONS, name: 'ledger simulation' }, broken);
const records = connectRecords(databaseUrl, broken);

serveThread(
  (job: SimulationJob, pausing) =>
    new SimulationRun({ history, records, bytes }, job, {
      pause: () => pausing.giveWay(),
      progress: (progress) => tell({ progress }),
      warn: (warning) => tell({ warning }),
    }).run(),
  async () => void (await Promise.all([history.end(), records.end()])),
);
