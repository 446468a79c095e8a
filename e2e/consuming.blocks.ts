// The files and commands of a document for people: blocks that follow a comment `<!-- file: name -->`.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@vouchers/testing';

const ROOT = join(import.meta.dirname, '..');

/** The blocks of a document by their file's name. */
export function filesIn(document: string): Record<string, string> {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const blocks = text.matchAll(/<!-- file: (\S+) -->\s+```\w+\n([^]*?)```/g);
  return Object.fromEntries([...blocks].map(([, name, content]) => [name!, content!]));
}

/** A folder with one file of the document, as its reader has it. */
export class ReadersFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'reader-'));
  private child: ChildProcess | undefined;
  private output = '';

  constructor(readonly environment: Record<string, string>) {
    symlinkSync(join(ROOT, 'node_modules'), join(this.path, 'node_modules'));
  }

  write(name: string, content: string): this {
    writeFileSync(join(this.path, name), content);
    return this;
  }

  /** The whole lines of a file. */
  lines(name: string): string[] {
    const file = join(this.path, name);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }

  get events(): Record<string, unknown>[] {
    return this.lines('events.ndjson').map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Runs a command until each of its files has so many lines, then stops it. */
  async consume(
    command: readonly string[],
    count: number,
    more: Record<string, string> = {},
    files = ['events.ndjson'],
  ): Promise<void> {
    const env = { ...process.env, ...this.environment, ...more };
    this.child = spawn(command[0]!, command.slice(1), { cwd: this.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.output = '';
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    try {
      await eventually(
        `${count} events`,
        () => {
          if (this.child!.exitCode !== null) throw new Error(`it ended: ${this.output}`);
          return files.every((file) => this.lines(file).length >= count);
        },
        { timeoutMs: 60_000 },
      );
    } finally {
      await this.stop();
    }
  }

  /** Runs a command to its end. @returns its output */
  run(command: string, args: readonly string[]): string {
    return execFileSync(command, args, {
      cwd: this.path,
      env: { ...process.env, ...this.environment },
      encoding: 'utf8',
    });
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.path, { recursive: true, force: true });
  }

  private async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** The Python with packages for tests of other tools: PYTHON, else `python3`. */
export const PYTHON = process.env['PYTHON'] || 'python3';

/** Whether a command ends well. */
export const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;

/** Whether Python has a package. */
export const hasPythonPackage = (name: string): boolean => works(PYTHON, '-c', `import ${name}`);

/** Go works from its module cache alone. */
export const GO_OFFLINE = { GOPROXY: 'off', GOSUMDB: 'off', GOFLAGS: '-mod=mod' };

/** Whether Go's module cache has them, such as `github.com/IBM/sarama@v1.45.2`. */
export const hasGoModules = (...modules: string[]): boolean =>
  works('env', ...Object.entries(GO_OFFLINE).map((pair) => pair.join('=')), 'go', 'mod', 'download', ...modules);
