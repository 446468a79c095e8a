// A file system in memory for the data of one server. It can be full while the machine's disk is not.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

const WIDE = '3g';
/** Free bytes that remain when it is full. */
const LEFT_BYTES = 64 * 1024;

export class Disk {
  readonly folder: string;
  /** The reason why no file system could be mounted; undefined if one was. */
  readonly unavailable: string | undefined;

  /** Mounts a file system at the folder, if this process may. */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      this.unavailable = 'only root may mount a file system';
    else if (!mount(['-t', 'tmpfs', '-o', `size=${WIDE},mode=755`, 'tmpfs', folder]))
      this.unavailable = 'a file system cannot be mounted here';
  }

  /** Shrinks it to the size of its content. */
  fill(): void {
    const { blocks, bfree, bsize } = statfsSync(this.folder);
    this.#resize(String((blocks - bfree) * bsize + LEFT_BYTES));
  }
  widen(): void {
    this.#resize(WIDE);
  }
  unmount(): void {
    if (this.unavailable === undefined) spawnSync('umount', ['-l', this.folder]);
  }

  #resize(size: string): void {
    if (!mount(['-o', `remount,size=${size}`, this.folder]))
      throw new Error(`${this.folder} cannot be made ${size} large`);
  }
}

const mount = (args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
