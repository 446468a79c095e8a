// The claiming of one voucher: module and pop-up press the same one, so that there is one key however often.
import type { PlatformClient } from '../platform/platform.client.ts';
import { answered, halted, isOpen, NONE, polled, pollPauseMs, pressed, type Attempt } from './attempt.ts';
import type { KeptPlace } from './kept-attempt.ts';

/** What the controller stands on; replaced in specs. */
export interface Surroundings {
  readonly client: Pick<PlatformClient, 'claim' | 'submission' | 'subject'>;
  readonly now: () => number;
  /** Runs it later; gives the function that calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly online: () => boolean;
  readonly visible: () => boolean;
  readonly newKey: () => string;
}

export class ClaimController {
  attempt: Attempt = NONE;
  #callOff: (() => void) | undefined;
  #polling = false;
  readonly #voucherId: string;
  readonly #kept: KeptPlace;
  readonly #around: Surroundings;
  readonly #changed: (attempt: Attempt) => void;

  /** @param changed told of every change of `attempt` */
  constructor(voucherId: string, kept: KeptPlace, around: Surroundings, changed: (attempt: Attempt) => void) {
    this.#voucherId = voucherId;
    this.#kept = kept;
    this.#around = around;
    this.#changed = changed;
  }

  /** The customer wants it. A second press, or one after a failure, goes on with the same key and body. */
  async press(pageSlug: string | undefined): Promise<void> {
    const { client, now, newKey } = this.#around;
    if (isOpen(this.attempt)) return this.#become(pressed(this.attempt, now()));
    const since = now();
    const attempt = pressed(this.attempt, since);
    this.#show(attempt);
    const subject = await client.subject();
    if (this.attempt !== attempt) return;
    if (this.#kept.read()?.subject !== subject)
      this.#kept.write({ key: newKey(), body: JSON.stringify({ pageSlug }), since, subject });
    this.#act();
  }

  /** Goes on with what was pressed before a reload or without a token, if it was this user. */
  async resume(): Promise<void> {
    const { status } = this.attempt;
    const kept = this.#kept.read();
    if (!kept || (status !== 'none' && status !== 'signed-out')) return;
    const subject = await this.#around.client.subject();
    if (!subject || this.attempt.status !== status) return;
    if (kept.subject === subject) this.#become(pressed(this.attempt, kept.since));
    else this.#become(NONE);
  }

  /** Back online, in sight again, or a token is there. */
  async wake(): Promise<void> {
    if (this.attempt.status === 'waiting') this.#poll();
    else if (this.attempt.status === 'offline') this.#become(pressed(this.attempt, 0));
    else await this.resume();
  }

  /** No timer is left behind, and no answer is waited for; another controller's `resume` goes on. */
  stop(): void {
    this.#callOff?.();
    this.attempt = NONE;
  }

  #become(attempt: Attempt): void {
    if (attempt === this.attempt) return;
    this.#show(attempt);
    this.#act();
  }

  #show(attempt: Attempt): void {
    this.#callOff?.();
    this.attempt = attempt;
    if (!isOpen(attempt)) this.#kept.forget();
    this.#changed(attempt);
  }

  /** What the present state asks for. */
  #act(): void {
    const { attempt } = this;
    const { after } = this.#around;
    if (attempt.status === 'sending') void this.#send(attempt);
    if (attempt.status === 'resting')
      this.#callOff = after(attempt.forMs, () => this.#become({ ...attempt, status: 'sending' }));
    if (attempt.status === 'waiting') this.#callOff = after(pollPauseMs(attempt.tries), () => this.#poll());
  }

  async #send(attempt: Extract<Attempt, { status: 'sending' }>): Promise<void> {
    const { client, online } = this.#around;
    const request = this.#kept.read();
    if (!request) return this.#become(NONE);
    if (!online()) return this.#become(halted(attempt, 'offline'));
    const answer = await client.claim(this.#voucherId, request.key, request.body);
    if (this.attempt === attempt) this.#become(answered(attempt, answer, online()));
  }

  #poll(): void {
    const { attempt } = this;
    const { client, online, visible } = this.#around;
    if (attempt.status !== 'waiting' || this.#polling || !visible() || !online()) return;
    this.#callOff?.();
    this.#polling = true;
    void client.submission(attempt.location).then((answer) => {
      this.#polling = false;
      if (this.attempt === attempt) this.#become(polled(attempt, answer));
    });
  }
}
