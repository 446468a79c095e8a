// The harness's own record of all requests and answers. It survives every fault.
import { setTimeout as pause } from 'node:timers/promises';

const AGAIN_MS = 150;

/** One answer. Status 0: the connection broke before an answer came. */
export interface Answer {
  readonly status: number;
  readonly submissionId?: string;
  readonly body?: { id?: string; reason?: string; status?: string; version?: number };
  readonly tookMs: number;
}

/** A write. It is repeated with the same Idempotency-Key until it is decided. */
export interface NewRequest {
  readonly service: 'page-delivery' | 'config';
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  readonly userId?: string;
  readonly body?: unknown;
}

/** A write with all answers to it. */
export interface AuditedRequest extends NewRequest {
  readonly answers: Answer[];
}

const SETTLED = new Set([200, 201, 404, 409, 422]);

/** Whether the answer is final: a decision or a lasting refusal, not 202, 503 or a broken connection. */
export const isSettled = ({ status }: Answer): boolean => SETTLED.has(status);

/** A healthy service answers sooner, even if its servers are away. */
export const UNANSWERED_MS = 25_000;

/** Sends the harness's requests to one platform. */
export class Account {
  readonly requests: AuditedRequest[] = [];
  /** Answers that turned out false. */
  readonly untrue: string[] = [];
  readonly #urls: Record<AuditedRequest['service'], string>;
  readonly #tokens: Readonly<Record<AuditedRequest['service'], string>>;
  /** Aborts the requests that are under way. */
  readonly #underWay = { config: new AbortController(), 'page-delivery': new AbortController() };

  constructor(
    urls: Readonly<Record<AuditedRequest['service'], string>>,
    tokens: Readonly<Record<AuditedRequest['service'], string>>,
  ) {
    this.#urls = { ...urls };
    this.#tokens = tokens;
  }

  /** Sends all later requests to another process of that service, and aborts those that wait for the former one. */
  divert(service: AuditedRequest['service'], url: string): void {
    this.#urls[service] = url;
    this.#underWay[service].abort();
    this.#underWay[service] = new AbortController();
  }

  /** Sends all later requests to another process of that service. The former one answers those that it has. */
  redirect(service: AuditedRequest['service'], url: string): void {
    this.#urls[service] = url;
  }

  /** Records a new request. It counts even if its first attempt fails. */
  record(request: NewRequest): AuditedRequest {
    const recorded = { ...request, answers: [] };
    this.requests.push(recorded);
    return recorded;
  }

  /** Sends the request, possibly again. Never throws. */
  async send(request: AuditedRequest): Promise<Answer> {
    const began = performance.now();
    const answer = await this.#fetch(request).catch(() => ({ status: 0 }));
    request.answers.push({ ...answer, tookMs: performance.now() - began });
    return request.answers.at(-1)!;
  }

  /** Repeats the request until it is decided, or until it is given up. @returns the last answer */
  async settle(request: AuditedRequest, isGivenUp: () => boolean): Promise<Answer> {
    for (;;) {
      const answer = await this.send(request);
      if (isSettled(answer)) return answer;
      if (answer.status === 202) await this.#expectPending(answer, request);
      if (isGivenUp()) return answer;
      await pause(AGAIN_MS);
    }
  }

  /** Expects that every replica knows the submission of a 202 at once. Never throws. */
  async #expectPending({ submissionId }: Answer, { userId, method, path }: AuditedRequest): Promise<void> {
    const status = await this.read(`/v1/submissions/${submissionId}`, userId!).catch(() => 0);
    if (status === 404) this.untrue.push(`${method} ${path} was answered 202, and ${submissionId} is unknown`);
  }

  /** Reads a path. The answer is not audited. */
  async read(path: string, userId: string): Promise<number> {
    const response = await fetch(this.#urls['page-delivery'] + path, {
      headers: { authorization: `Bearer ${this.#tokens['page-delivery']}`, 'x-user-id': userId },
      signal: this.#signal('page-delivery'),
    });
    await response.arrayBuffer();
    return response.status;
  }

  #signal(service: AuditedRequest['service']): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(UNANSWERED_MS), this.#underWay[service].signal]);
  }

  async #fetch({ service, method, path, key, userId, body }: AuditedRequest): Promise<Omit<Answer, 'tookMs'>> {
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
      ...(text !== '' && { body: JSON.parse(text) as NonNullable<Answer['body']> }),
    };
  }
}
