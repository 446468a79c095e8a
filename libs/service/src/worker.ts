import { Worker, type WorkerOptions } from 'node:worker_threads';

/** The built file; under a test the source, whose types Node strips, so it may have erasable syntax only. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_OPTIONS = { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] };

/** Starts a thread. @param entry its module, without the file extension */
export function beginThread(entry: URL, options: WorkerOptions = {}): Worker {
  const url = new URL(`${entry.href}.${IS_SOURCE ? 'ts' : 'js'}`);
  return new Worker(url, { ...options, ...(IS_SOURCE && SOURCE_OPTIONS) });
}
