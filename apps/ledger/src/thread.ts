import { Worker, type WorkerOptions } from 'node:worker_threads';

/** As built, or as it lies under a test: then its types are stripped by Node, which takes erasable syntax alone. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_OPTIONS = { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] };

/** Begins a thread. @param entry its module, from this folder, without an ending */
export function beginThread(entry: string, options: WorkerOptions): Worker {
  const url = new URL(`./${entry}.${IS_SOURCE ? 'ts' : 'js'}`, import.meta.url);
  return new Worker(url, { ...options, ...(IS_SOURCE && SOURCE_OPTIONS) });
}
