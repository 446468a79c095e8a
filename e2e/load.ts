// A light load beside what a test does.
import { setTimeout as pause } from 'node:timers/promises';

export interface Load {
  /** The number of visits that are over. */
  readonly visits: number;
  /** Ends it after the present visit. @throws the error of a visit */
  stop(): Promise<void>;
}

/** Begins visits, one after another. An error ends them. @param visit given the number of visits before */
export function startLoad(visit: (number: number) => Promise<unknown>): Load {
  let visits = 0;
  let isOver = false;
  const work = async (): Promise<void> => {
    for (; !isOver; visits += 1) {
      await visit(visits);
      await pause(20);
    }
  };
  const done = work();
  done.catch(() => undefined); // `stop` throws it
  return {
    get visits() {
      return visits;
    },
    stop: async () => {
      isOver = true;
      await done;
    },
  };
}
