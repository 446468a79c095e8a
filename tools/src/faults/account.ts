// The harness's own record of all requests and answers. It survives every fault.
import { setTimeout as pause } from 'node:timers/promises';

const AGAIN_MS = 150;

/** One answer. Status 0: the connection broke before an answer came. */
export interface Told {
  readonly status: number;
  readonly submissionId?: string;
  readonly body?: { id?: string; reason?: string; status?: string; version?: number };
  readonly tookMs: number;
}

/** A write with all answers to it. It is repeated with the same Idempotency-Key until it is decided. */
export interface Asked {
  readonly service: 'page-delivery' | 'config';
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  readonly userId?: string;
  readonly body?: unknown;
  readonly told: Told[];
}

const SETTLED = new Set([200, 201, 404, 409, 422]);

/** Whether the answer is final: a decision or a lasting refusal, not 202, 503 or a broken connection. */
export const isSettled = ({ status }: Told): boolean => SETTLED.has(status);

/** A healthy service answers sooner, even if its servers are away. */
export const UNANSWERED_MS = 25_000;

/** Sends the harness's requests to one platform. */
export class Account {
  readonly asked: Asked[] = [];
  /** Answers that turned out false. */
  readonly unknown: string[] = [];
  readonly #urls: Record<Asked['service'], string>;
  readonly #tokens: Readonly<Record<Asked['service'], string>>;
  /** Aborts the requests that are under way. */
  readonly #underWay = { config: new AbortController(), 'page-delivery': new AbortController() };

  constructor(urls: Readonly<Record<Asked['service'], string>>, tokens: Readonly<Record<Asked['service'], string>>) {
    this.#urls = { ...urls };
    this.#tokens = tokens;
  }

  /** Sends all later requests to another process of that service, and aborts those that wait for the former one. */
  divert(service: Asked['service'], url: string): void {
    this.#urls[service] = url;
    this.#underWay[service].abort();
    this.#underWay[service] = new AbortController();
  }

  /** Records a new request. It counts even if its first attempt fails. */
  open(asking: Omit<Asked, 'told'>): Asked {
    const asked = { ...asking, told: [] };
    this.asked.push(asked);
    return asked;
  }

  /** Sends the request, possibly again. Never throws. */
  async send(asked: Asked): Promise<Told> {
    const began = performance.now();
    const told = await this.#answer(asked).catch(() => ({ status: 0 }));
    asked.told.push({ ...told, tookMs: performance.now() - began });
    return asked.told.at(-1)!;
  }

  /** Repeats the request until it is decided or the time is up. @returns the last answer */
  async settle(asked: Asked, withinMs: number): Promise<Told> {
    for (const until = performance.now() + withinMs; ; await pause(AGAIN_MS)) {
      const told = await this.send(asked);
      if (isSettled(told) || performance.now() > until) return told;
      if (told.status === 202) await this.expectPending(told, asked);
    }
  }

  /** Expects that every replica knows the submission of a 202 at once. Never throws. */
  async expectPending({ submissionId }: Told, { userId, method, path }: Asked): Promise<void> {
    const status = await this.look(`/v1/submissions/${submissionId}`, userId!).catch(() => 0);
    if (status === 404) this.unknown.push(`${method} ${path} was told 202, and ${submissionId} is unknown`);
  }

  /** Reads a path. The answer is not audited. */
  async look(path: string, userId: string): Promise<number> {
    const response = await fetch(this.#urls['page-delivery'] + path, {
      headers: { authorization: `Bearer ${this.#tokens['page-delivery']}`, 'x-user-id': userId },
      signal: this.#signal('page-delivery'),
    });
    await response.arrayBuffer();
    return response.status;
  }

  #signal(service: Asked['service']): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(UNANSWERED_MS), this.#underWay[service].signal]);
  }

  async #answer({ service, method, path, key, userId, body }: Asked): Promise<Omit<Told, 'tookMs'>> {
    const response = await fetch(this.#urls[service] + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#tokens[service]}`,
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(userId !== undefined && { 'x-user-id': userId }),
        ...(path.startsWith('/v1/vouchers/') && service === 'config' && { 'if-match': '*' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: this.#signal(service),
    });
    const submissionId = response.headers.get('submission-id') ?? undefined;
    const text = await response.text();
    return {
      status: response.status,
      ...(submissionId && { submissionId }),
      ...(text !== '' && { body: JSON.parse(text) as NonNullable<Told['body']> }),
    };
  }
}
