import { Worker, type WorkerOptions } from 'node:worker_threads';

/** The built file; under a test the source, whose types Node strips, so it may have erasable syntax only. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_OPTIONS = { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] };

/** Starts a thread. @param entry its module, relative to this folder, without the file extension */
export function beginThread(entry: string, options: WorkerOptions): Worker {
  const url = new URL(`./${entry}.${IS_SOURCE ? 'ts' : 'js'}`, import.meta.url);
  return new Worker(url, { ...options, ...(IS_SOURCE && SOURCE_OPTIONS) });
}
