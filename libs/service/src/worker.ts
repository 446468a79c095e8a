import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Tests run a worker's source. Node strips its types, so it may have only erasable syntax. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_OPTIONS = { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] };

/** Starts a thread. @param entry its module without the file extension */
export function beginThread(entry: URL, options: WorkerOptions = {}): Worker {
  const url = new URL(`${entry.href}.${IS_SOURCE ? 'ts' : 'js'}`);
  return new Worker(url, { ...options, ...(IS_SOURCE && SOURCE_OPTIONS) });
}
