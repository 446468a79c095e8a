// A child process that cannot outlive this one: it ends by `stop`, or by the watchdog.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Hint } from './hint.ts';
import { owe } from './watchdog.ts';

/** How a process is started and ended. */
export interface OwnedProcessOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  /** Its output is appended here. */
  readonly logFile: string;
  /** The user to run as, where this process is root. */
  readonly user?: { uid: number; gid: number };
  /** What asks it to end; SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it may take to end before it is killed. Unit: milliseconds; 10 s by default. */
  readonly graceMs?: number;
}

/** A running child process, the leader of a process group of its own. */
export interface OwnedProcess {
  readonly pid: number;
  /** Resolves with the exit code or the signal, as a word. */
  readonly exited: Promise<string>;
  readonly running: boolean;
  /** Asks it to end, waits, and kills what is left. */
  stop(): Promise<void>;
  /** Sends a signal to it and what it started. */
  signal(signal: NodeJS.Signals): void;
  /** The last lines of its log. */
  lastWords(lines?: number): string;
}

/** The log's name, its former content gone: what is read in it is of the process to be started. */
export function freshLog(file: string): string {
  rmSync(file, { force: true });
  return file;
}

/** Starts a process. Throws a Hint where the command is missing. */
export async function startProcess(options: OwnedProcessOptions): Promise<OwnedProcess> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, options.args ?? [], {
    cwd: options.directory,
    env: options.environment ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...options.user,
  });
  closeSync(log);
  const pid = child.pid ?? 0;
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  const clear = pid ? owe({ group: pid, signal: stopSignal }) : () => undefined;
  await once(child, 'spawn').catch((error: NodeJS.ErrnoException) => {
    throw new Hint(`${basename(options.command)} cannot be started (${error.code})`);
  });
  let running = true;
  const exited = once(child, 'exit').then(([code, signal]: Array<number | string | null>) => {
    running = false;
    signalGroup(pid, 'SIGKILL'); // whatever it started and left behind
    clear();
    return String(code ?? signal);
  });
  return {
    pid,
    exited,
    get running() {
      return running;
    },
    signal: (signal) => void signalGroup(pid, signal),
    async stop() {
      if (!running) return;
      const impatience = setTimeout(() => signalGroup(pid, 'SIGKILL'), options.graceMs ?? 10_000);
      child.kill(stopSignal);
      await exited;
      clearTimeout(impatience);
    },
    lastWords: (lines = 15) => readFileSync(options.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n'),
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // nobody is left in the group
  }
}
