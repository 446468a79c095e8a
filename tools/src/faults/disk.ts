// A file system in memory, for one server's data: it can be full without the machine's disk being so.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

const WIDE = '3g';
/** Room that is left where it is full. */
const LEFT_BYTES = 64 * 1024;

export class Disk {
  readonly folder: string;
  /** Why it is no file system of its own; undefined where it is. */
  readonly unavailable: string | undefined;

  /** Mounts it at the folder, where this process may. */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      this.unavailable = 'only root may mount a file system';
    else if (!mount(['-t', 'tmpfs', '-o', `size=${WIDE},mode=755`, 'tmpfs', folder]))
      this.unavailable = 'a file system cannot be mounted here';
  }

  /** Makes it as small as what lies on it. */
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
