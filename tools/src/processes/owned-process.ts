// A child process that cannot outlive this one: either `stop` or the watchdog ends it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Hint } from './hint.ts';
import { owe } from './watchdog.ts';

/** Options for start and end of a process. */
export interface OwnedProcessOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly directory?: string;
  /** The process's output is appended to this file. */
  readonly logFile: string;
  /** The user that runs it, if this process is root. */
  readonly user?: { uid: number; gid: number };
  /** The signal that asks it to end. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** The time that it may take to end before it is killed. Unit: milliseconds. Default 10 s. */
  readonly graceMs?: number;
}

/** A running child process, the leader of a process group of its own. */
export interface OwnedProcess {
  readonly pid: number;
  /** Resolves with the exit code or the signal, as a word. */
  readonly exited: Promise<string>;
  readonly running: boolean;
  /** Asks it to end, waits, and kills the rest of its group. */
  stop(): Promise<void>;
  /** Sends a signal to the process and its children. */
  signal(signal: NodeJS.Signals): void;
  /** The last lines of its log. */
  lastWords(lines?: number): string;
}

/** Empties the log and returns its name, so that its content belongs to the next process. */
export function freshLog(file: string): string {
  rmSync(file, { force: true });
  return file;
}

/** Starts a process. Throws a Hint if the command is missing. */
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
    signalGroup(pid, 'SIGKILL'); // kills the children that it left behind
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
