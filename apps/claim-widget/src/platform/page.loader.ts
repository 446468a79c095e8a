// The page's data: loaded, loaded again when something may have changed, and by itself when the platform is back.
import type { PageData } from '@vouchers/contracts';
import { retryAfterMs, type PlatformClient } from './platform.client.ts';

export type LoadStatus = 'idle' | 'loading' | 'loaded' | 'offline' | 'signed-out' | 'error';

/** What the loader stands on; replaced in specs. */
export interface LoaderSurroundings {
  readonly client: Pick<PlatformClient, 'page' | 'now'>;
  readonly after: (ms: number, run: () => void) => () => void;
  readonly online: () => boolean;
}

/** Told of every change. `problem`: the HTTP status of a failure, where there was an answer. */
export type OnLoad = (loader: PageLoader, problem?: number) => void;

const MOST_RETRIES = 5;
const STALE_AFTER_MS = 30_000;

export class PageLoader {
  status: LoadStatus = 'idle';
  data: PageData | undefined;
  #slug = '';
  #run = 0;
  #retries = 0;
  #loadedAt = 0;
  #callOff: (() => void) | undefined;
  readonly #surroundings: LoaderSurroundings;
  readonly #changed: OnLoad;

  constructor(surroundings: LoaderSurroundings, changed: OnLoad) {
    this.#surroundings = surroundings;
    this.#changed = changed;
  }

  /** Loads that page. What is shown of the same page stays until the new data are there. */
  async load(slug: string): Promise<void> {
    if (slug !== this.#slug) this.data = undefined;
    this.#slug = slug;
    this.#retries = 0;
    await this.#load();
  }

  async refresh(): Promise<void> {
    if (this.#slug) await this.load(this.#slug);
  }

  /** Back online or in sight: loads what failed or has grown old. */
  async wake(): Promise<void> {
    const old = this.#surroundings.client.now() - this.#loadedAt > STALE_AFTER_MS;
    if (this.status === 'offline' || (this.status === 'loaded' && old)) await this.refresh();
  }

  stop(): void {
    this.#run++;
    this.#callOff?.();
  }

  async #load(): Promise<void> {
    const { client, online } = this.#surroundings;
    const run = ++this.#run;
    this.#callOff?.();
    if (!online()) return this.#be('offline');
    if (!this.data) this.#be('loading');
    const answer = await client.page(this.#slug);
    if (run !== this.#run) return;
    if (answer.type === 'signed-out') return this.#be('signed-out');
    if (answer.type === 'unreachable') return online() ? this.#failed(undefined) : this.#be('offline');
    if (answer.status !== 200 || !answer.body) return this.#failed(answer.status, answer.headers);
    this.data = answer.body;
    this.#loadedAt = client.now();
    this.#be('loaded');
  }

  #failed(status: number | undefined, headers = new Headers()): void {
    const { after } = this.#surroundings;
    const mayPass = status === undefined || status === 429 || status >= 500;
    if (mayPass && this.#retries < MOST_RETRIES) {
      const pauseMs = Math.max(retryAfterMs(headers), 1_000 * 2 ** this.#retries++);
      this.#callOff = after(pauseMs, () => void this.#load());
    }
    this.#be('error', status);
  }

  #be(status: LoadStatus, problem?: number): void {
    this.status = status;
    this.#changed(this, problem);
  }
}
