// Loads the page's data, and loads them again if they may have changed or a request failed.
import type { PageData } from '@vouchers/contracts';
import { retryAfterMs, type PlatformClient } from './platform.client.ts';

export type LoadStatus = 'idle' | 'loading' | 'loaded' | 'offline' | 'signed-out' | 'error';

export interface LoaderDependencies {
  readonly client: Pick<PlatformClient, 'page' | 'entries' | 'now'>;
  readonly after: (ms: number, run: () => void) => () => void;
  readonly online: () => boolean;
  readonly visible: () => boolean;
}

/** Called at each change. `problem`: the HTTP status of a failure, if there was an answer. */
export type OnLoad = (loader: PageLoader, problem?: number) => void;

const MOST_RETRIES = 5;
const STALE_AFTER_MS = 30_000;
/** While its user waits for a unit, the page is loaded again after this time and up to half of it more. */
const WAITING_MS = 60_000;

export class PageLoader {
  status: LoadStatus = 'idle';
  data: PageData | undefined;
  #slug = '';
  #run = 0;
  #retries = 0;
  #loadedAt = 0;
  /** How many are ahead of the user on the waiting list of each voucher. */
  #ahead = new Map<string, number | undefined>();
  #cancelTimer: (() => void) | undefined;
  readonly #dependencies: LoaderDependencies;
  readonly #changed: OnLoad;

  constructor(dependencies: LoaderDependencies, changed: OnLoad) {
    this.#dependencies = dependencies;
    this.#changed = changed;
  }

  /** Loads that page. If it is the same page, its old data stay until the new ones are there. */
  async load(slug: string): Promise<void> {
    if (slug !== this.#slug) this.data = undefined;
    this.#slug = slug;
    this.#retries = 0;
    await this.#load();
  }

  async refresh(): Promise<void> {
    if (this.#slug) await this.load(this.#slug);
  }

  /** Called when the network is back or the page is visible again. Loads data that failed or are old. */
  async wake(): Promise<void> {
    const old = this.#dependencies.client.now() - this.#loadedAt > STALE_AFTER_MS;
    if (this.status === 'offline' || (this.status === 'loaded' && old)) await this.refresh();
  }

  stop(): void {
    this.#run++;
    this.#cancelTimer?.();
  }

  async #load(): Promise<void> {
    const { client, online } = this.#dependencies;
    const run = ++this.#run;
    this.#cancelTimer?.();
    if (!online()) return this.#setStatus('offline');
    if (!this.data) this.#setStatus('loading');
    const answer = await client.page(this.#slug);
    if (run !== this.#run) return;
    if (answer.type === 'signed-out') return this.#setStatus('signed-out');
    if (answer.type === 'unreachable') return online() ? this.#failed(undefined) : this.#setStatus('offline');
    if (answer.status !== 200 || !answer.body) return this.#failed(answer.status, answer.headers);
    this.data = this.#withAhead(answer.body);
    this.#loadedAt = client.now();
    this.#setStatus('loaded');
    if (answer.body.modules.some(({ entry }) => entry?.state === 'waiting')) await this.#wait(run);
  }

  /** Asks how many are ahead of the user, and later whether a unit is offered. */
  async #wait(run: number): Promise<void> {
    const { client, after, visible } = this.#dependencies;
    this.#cancelTimer = after(WAITING_MS * (1 + Math.random() / 2), () => visible() && void this.refresh());
    const answer = await client.entries();
    if (run !== this.#run || answer.type !== 'answered') return;
    this.#ahead = new Map(answer.body?.items?.map(({ voucherId, ahead }) => [voucherId, ahead]));
    this.data = this.#withAhead(this.data!);
    this.#changed(this);
  }

  #withAhead(data: PageData): PageData {
    const modules = data.modules.map((module) => {
      const { entry, voucherId } = module;
      return entry ? { ...module, entry: { ...entry, ahead: this.#ahead.get(voucherId) } } : module;
    });
    return { ...data, modules };
  }

  #failed(status: number | undefined, headers = new Headers()): void {
    const { after } = this.#dependencies;
    const mayPass = status === undefined || status === 429 || status >= 500;
    if (mayPass && this.#retries < MOST_RETRIES) {
      const pauseMs = Math.max(retryAfterMs(headers), 1_000 * 2 ** this.#retries++);
      this.#cancelTimer = after(pauseMs, () => void this.#load());
    }
    this.#setStatus('error', status);
  }

  #setStatus(status: LoadStatus, problem?: number): void {
    this.status = status;
    this.#changed(this, problem);
  }
}
